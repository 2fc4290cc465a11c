using System.Globalization;
using System.Text;
using CsCheck;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

/// <summary>What a server and the threads that work for it tell, and what becomes of it on the timeline.</summary>
public sealed class RequestTrackerTests
{
    private readonly List<string> _told = [];
    private readonly UnitObservation _units;
    private readonly RequestTracker _tracker;

    public RequestTrackerTests()
        : this(UnitLevel.Segments)
    {
    }

    private RequestTrackerTests(UnitLevel level)
    {
        _units = new UnitObservation(new UnitNames([]), level);
        _tracker = new RequestTracker(_units, told => _told.Add(InWords(told)));
    }

    [Fact]
    public void A_request_that_awaits_and_goes_on_elsewhere_has_a_segment_on_each_thread()
    {
        Work(10, thread: 7, "/1/1");
        Start(11, thread: 7, "/1/1");
        Work(20, thread: 7, "");
        Work(50, thread: 8, "/1/1");
        Work(60, thread: 8, "/1");
        Stop(61, thread: 8, "/1/1");
        Expect("11 begin 1", "11 enter 1 on 7", "20 leave 1 on 7", "50 enter 1 on 8", "60 leave 1 on 8", "61 end 1 by 8");
        Assert.Equal("GET /", _units.Names.NameOf(1));
    }

    [Fact]
    public void What_a_request_starts_itself_is_part_of_it()
    {
        Start(10, thread: 7, "/1/1");
        // An outgoing call of the request: an activity inside of its own.
        Work(20, thread: 7, "/1/1/3");
        Work(25, thread: 7, "/1/1");
        Work(30, thread: 9, "/1/1/3/200");
        Expect("10 begin 1", "10 enter 1 on 7", "30 enter 1 on 9");
    }

    [Fact]
    public void A_connection_and_a_sibling_are_not_the_request()
    {
        Start(10, thread: 7, "/1/300");
        Work(20, thread: 7, "/1");
        Work(30, thread: 7, "/1/1");
        Work(40, thread: 7, "/1/301");
        Expect("10 begin 1", "10 enter 1 on 7", "20 leave 1 on 7");
    }

    [Fact]
    public void An_end_without_a_beginning_is_counted()
    {
        Stop(10, thread: 7, "/1/1");
        Expect();
        Assert.Equal(1, _units[UnitProblem.BeginMissing]);
    }

    [Fact]
    public void A_request_whose_end_was_lost_is_given_up_after_a_long_silence()
    {
        Start(10, thread: 7, "/1");
        Start(11, thread: 8, "/2");
        _tracker.Forget();
        Work(20, thread: 8, "/2");
        long late = 21 + RequestTracker.LongestSilence.Nanoseconds;
        Start(21, thread: 9, "/3");
        Start(late, thread: 9, "/4");
        Expect(
            "10 begin 1", "10 enter 1 on 7", "11 begin 2", "11 enter 2 on 8", "20 enter 2 on 8", "21 begin 3", "21 enter 3 on 9",
            $"{late} drop 1", $"{late} begin 4", $"{late} leave 3 on 9", $"{late} enter 4 on 9");
        Assert.Equal(1, _units[UnitProblem.EndMissing]);
        Assert.Equal(3, _units.Open);
    }

    [Fact]
    public void A_request_whose_end_cannot_have_been_lost_may_be_silent_as_long_as_it_likes()
    {
        Start(10, thread: 7, "/1");
        Start(20 + RequestTracker.LongestSilence.Nanoseconds, thread: 8, "/2");
        Assert.Equal(0, _units[UnitProblem.EndMissing]);
        Assert.Equal(2, _units.Open);
    }

    [Fact]
    public void Requests_with_the_same_id_at_once_have_no_account()
    {
        // The runtime gives the children 11 to 255 of a connection the same id.
        Assert.Equal(Activity("/1/12"), Activity("/1/13"));
        Start(10, thread: 7, "/1/12");
        Start(20, thread: 8, "/1/13");
        Work(25, thread: 9, "/1/12");
        Stop(30, thread: 7, "/1/12");
        Start(40, thread: 8, "/1/14");
        Stop(50, thread: 8, "/1/13");
        Stop(60, thread: 8, "/1/14");
        Expect("10 begin 1", "20 drop 1");
        Assert.Equal(3, _units[UnitProblem.SharedId]);
        Assert.Equal(0, _units[UnitProblem.BeginMissing]);
    }

    /// <summary>The id would be shared for ever otherwise, and no request that has it had an account again.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_id_of_which_an_end_was_lost_is_given_up_after_a_long_silence(bool isLost)
    {
        Start(10, thread: 7, "/1/12");
        Start(20, thread: 8, "/1/13");
        if (isLost) _tracker.Forget();
        Stop(30, thread: 7, "/1/12");
        long late = 30 + RequestTracker.LongestSilence.Nanoseconds;
        Start(late - 1, thread: 9, "/1/14");
        Stop(late, thread: 9, "/1/14");
        Assert.Equal(3, _units[UnitProblem.SharedId]);
        Start(late + RequestTracker.LongestSilence.Nanoseconds, thread: 9, "/1/15");
        Assert.Equal(isLost ? 3 : 4, _units[UnitProblem.SharedId]);
        Assert.Equal(isLost ? 1 : 0, _units.Open);
    }

    [Fact]
    public void A_request_that_is_alone_with_an_id_that_others_may_have_has_its_length_and_no_segments()
    {
        Start(10, thread: 7, "/1/12");
        Work(15, thread: 8, "/1/12/1");
        Stop(20, thread: 7, "/1/12");
        Expect("10 begin 1", "20 end 1 by 0");
    }

    [Fact]
    public void A_request_outside_of_any_activity_is_counted()
    {
        Start(10, thread: 7, "");
        Expect();
        Assert.Equal(1, _units[UnitProblem.NoActivity]);
    }

    [Fact]
    public void Work_that_is_left_behind_is_counted_and_belongs_to_no_request()
    {
        Start(10, thread: 7, "/1/1");
        Stop(20, thread: 7, "/1/1");
        Work(30, thread: 8, "/1/1");
        Work(40, thread: 9, "/1/1/5");
        Expect("10 begin 1", "10 enter 1 on 7", "20 end 1 by 7");
        Assert.Equal(2, _units[UnitProblem.AfterEnd]);
    }

    [Fact]
    public void A_thread_that_works_on_when_its_request_ends_enters_the_next_one()
    {
        Start(10, thread: 7, "/1/1");
        Work(12, thread: 8, "/1/1");
        Stop(20, thread: 7, "/1/1");
        Start(30, thread: 7, "/1/2");
        Work(40, thread: 8, "/1/2");
        Expect("10 begin 1", "10 enter 1 on 7", "12 enter 1 on 8", "20 end 1 by 7", "30 begin 2", "30 enter 2 on 7", "40 enter 2 on 8");
    }

    [Fact]
    public void How_long_it_was_queued_is_told_with_the_segment_that_a_thread_took_from_the_queue()
    {
        Start(10, thread: 7, "/1/1");
        Work(20, thread: 7, "");
        _tracker.Take(8, new Timestamp(35));
        Work(50, thread: 8, "/1/1");
        Work(60, thread: 8, "");
        Work(70, thread: 8, "/1/1");
        Expect("10 begin 1", "10 enter 1 on 7", "20 leave 1 on 7", "50 enter 1 on 8 queued 15", "60 leave 1 on 8", "70 enter 1 on 8");
    }

    [Fact]
    public void After_a_loss_a_thread_works_for_nothing_until_it_tells()
    {
        Start(10, thread: 7, "/1/1");
        _tracker.Forget();
        Work(30, thread: 7, "/1/1");
        Expect("10 begin 1", "10 enter 1 on 7", "30 enter 1 on 7");
    }

    [Fact]
    public void At_the_level_of_starts_a_request_has_a_beginning_and_an_end()
    {
        var starts = new RequestTrackerTests(UnitLevel.Starts);
        starts.Start(10, thread: 7, "/1/1");
        starts.Stop(20, thread: 8, "/1/1");
        starts.Expect("10 begin 1", "20 end 1 by 0");
    }

    [Fact]
    public void A_thread_that_cannot_be_identified_leaves_a_request_without_that_segment()
    {
        var outside = new TargetThreadIds(isShared: false, () => new Dictionary<int, int>());
        int thread = outside.OursOf(7, new Timestamp(10));
        Assert.True(TargetThreadIds.IsUnknown(thread));
        Start(10, thread, "/1/1");
        Work(15, thread, "");
        Stop(20, thread, "/1/1");
        Expect("10 begin 1", "20 end 1 by 0");
    }

    [Fact]
    public void What_a_target_keeps_open_is_bounded()
    {
        for (int i = 0; i < RequestTracker.MostOpen + 10; i++) Start(i, thread: 7, $"/{i + 1}");
        Assert.Equal(10, _units[UnitProblem.TableFull]);
        Assert.Equal(RequestTracker.MostOpen, _units.Open);
    }

    [Fact]
    public void Any_bytes_are_read_or_refused() => Gen.Byte.Array[0, 400].Sample(payload =>
    {
        if (!RequestPayload.TryRead(payload, out RequestPayload read)) return;
        Assert.InRange(read.Path.Length, 0, RequestPayload.LongestPath);
        Assert.InRange(new UnitNames([]).IndexOf(read.Method, read.Path), 1, 1);
    }, iter: 3000);

    [Fact]
    public void Whatever_is_told_a_thread_is_in_one_segment_and_what_has_ended_gets_none() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[1, 3], Gen.Int[1, 3], Gen.Bool).Array[0, 200].Sample(steps =>
        {
            var open = new HashSet<long>();
            var inside = new Dictionary<int, long>();
            var tracker = new RequestTracker(new UnitObservation(new UnitNames([])), Judge);
            long at = 0;
            foreach ((int what, int thread, int number, bool isShared) in steps)
            {
                Timestamp now = new(++at);
                string path = $"/1/{(isShared ? 10 + number : number)}";
                Assert.True(RequestPayload.TryRead(Payload("/"), out RequestPayload request));
                switch (what)
                {
                    case 0: tracker.Start(now, thread, Activity(path), request); break;
                    case 1: tracker.Stop(now, thread, Activity(path)); break;
                    case 2: tracker.Forget(); inside.Clear(); break;
                    case 3: tracker.Work(now, thread, default); break;
                    default: tracker.Work(now, thread, Activity(what == 4 ? path : path + "/1")); break;
                }
            }

            void Judge(TimelineEvent told)
            {
                long unit = told.Unit.Number;
                switch (told.Kind)
                {
                    case EventKind.UnitBegan: Assert.True(open.Add(unit)); break;
                    case EventKind.UnitEnded or EventKind.UnitDropped:
                        Assert.True(open.Remove(unit));
                        foreach (int gone in inside.Where(pair => pair.Value == unit).Select(pair => pair.Key).ToArray()) inside.Remove(gone);
                        break;
                    case EventKind.SegmentBegan:
                        Assert.Contains(unit, open);
                        Assert.True(inside.TryAdd(told.Thread, unit));
                        break;
                    case EventKind.SegmentEnded:
                        Assert.True(inside.Remove(told.Thread, out long left) && left == unit);
                        break;
                }
            }
        }, iter: 1000);

    /// <summary>The path of an activity, made as the runtime's tracker makes it: see <see cref="ActivityPathTests"/>.</summary>
    private static ActivityPath Activity(string path) => ActivityPathTests.PathOf(path);

    private void Work(long at, int thread, string activity) => _tracker.Work(new Timestamp(at), thread, Activity(activity));

    private void Start(long at, int thread, string activity)
    {
        Assert.True(RequestPayload.TryRead(Payload("/"), out RequestPayload request));
        _tracker.Start(new Timestamp(at), thread, Activity(activity), request);
    }

    private void Stop(long at, int thread, string activity) => _tracker.Stop(new Timestamp(at), thread, Activity(activity));

    private void Expect(params string[] told) => Assert.Equal(told, _told);

    private static byte[] Payload(string path) => Encoding.Unicode.GetBytes($"GET\0{path}\0");

    private static string InWords(TimelineEvent told) => string.Create(CultureInfo.InvariantCulture, $"{told.At.Nanoseconds} {told.Kind switch
    {
        EventKind.UnitBegan => $"begin {told.Unit.Number}",
        EventKind.UnitEnded => $"end {told.Unit.Number} by {told.Thread}",
        EventKind.UnitDropped => $"drop {told.Unit.Number}",
        EventKind.SegmentBegan when told.Queued > Duration.Zero => $"enter {told.Unit.Number} on {told.Thread} queued {told.Queued.Nanoseconds}",
        EventKind.SegmentBegan => $"enter {told.Unit.Number} on {told.Thread}",
        EventKind.SegmentEnded => $"leave {told.Unit.Number} on {told.Thread}",
        _ => $"{told.Kind}",
    }}");
}
