using System.Globalization;
using System.Text;
using CsCheck;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

/// <summary>Operations of the class library that begin and end inside requests, and what the requests wait for then.</summary>
public sealed class OperationTests
{
    private readonly List<string> _told = [];
    private readonly UnitObservation _units = new(new UnitNames([]));
    private readonly RequestTracker _tracker;

    public OperationTests() => _tracker = new RequestTracker(_units, told =>
    {
        if (told.Kind == EventKind.UnitAwaits) _told.Add(string.Create(CultureInfo.InvariantCulture, $"{told.At.Nanoseconds} {told.Unit.Number} awaits {told.Awaited}"));
    });

    [Fact]
    public void A_request_awaits_a_call_until_that_ends()
    {
        Start(10, "/1");
        Begin(20, AwaitedFor.Http, "/1/2");
        End(50, AwaitedFor.Http, "/1/2");
        Expect("20 1 awaits Http", "50 1 awaits Other");
    }

    [Fact]
    public void Inside_a_call_a_look_up_a_connection_and_a_handshake_are_what_they_are()
    {
        Start(10, "/1");
        Begin(20, AwaitedFor.Http, "/1/2");
        Begin(30, AwaitedFor.Dns, "/1/2/1");
        End(40, AwaitedFor.Dns, "/1/2/1");
        Begin(50, AwaitedFor.Connect, "/1/2/2");
        End(60, AwaitedFor.Connect, "/1/2/2");
        Begin(60, AwaitedFor.Tls, "/1/2/3");
        End(70, AwaitedFor.Tls, "/1/2/3");
        End(80, AwaitedFor.Http, "/1/2");
        Expect(
            "20 1 awaits Http", "30 1 awaits Dns", "40 1 awaits Http", "50 1 awaits Connect", "60 1 awaits Http", "60 1 awaits Tls", "70 1 awaits Http",
            "80 1 awaits Other");
    }

    [Fact]
    public void Of_calls_at_once_the_one_that_began_last_is_what_is_awaited()
    {
        Start(10, "/1");
        Begin(20, AwaitedFor.Http, "/1/2");
        Begin(25, AwaitedFor.Http, "/1/3");
        Begin(30, AwaitedFor.Tls, "/1/3/1");
        End(40, AwaitedFor.Http, "/1/2");
        End(50, AwaitedFor.Tls, "/1/3/1");
        End(60, AwaitedFor.Http, "/1/3");
        Expect("20 1 awaits Http", "30 1 awaits Tls", "50 1 awaits Http", "60 1 awaits Other");
    }

    [Fact]
    public void A_call_that_has_ended_does_not_wait_for_the_connection_that_it_began()
    {
        Start(10, "/1");
        Begin(20, AwaitedFor.Http, "/1/2");
        Begin(30, AwaitedFor.Connect, "/1/2/1");
        // It got the connection of another call.
        End(40, AwaitedFor.Http, "/1/2");
        End(50, AwaitedFor.Connect, "/1/2/1");
        Expect("20 1 awaits Http", "30 1 awaits Connect", "40 1 awaits Other");
    }

    [Fact]
    public void Calls_with_the_same_id_end_one_by_one()
    {
        // The runtime gives the children 11 to 255 of such a request the same id.
        Assert.Equal(ActivityPathTests.PathOf("/300/12"), ActivityPathTests.PathOf("/300/13"));
        Start(10, "/300");
        Begin(20, AwaitedFor.Http, "/300/12");
        Begin(25, AwaitedFor.Http, "/300/13");
        Begin(30, AwaitedFor.Tls, "/300/13/1");
        End(40, AwaitedFor.Http, "/300/12");
        End(50, AwaitedFor.Tls, "/300/13/1");
        End(60, AwaitedFor.Http, "/300/13");
        Expect("20 1 awaits Http", "30 1 awaits Tls", "50 1 awaits Http", "60 1 awaits Other");
    }

    [Fact]
    public void What_is_in_no_open_request_is_left_out()
    {
        Begin(5, AwaitedFor.Tls, "/9");
        Begin(6, AwaitedFor.Http, "");
        Start(10, "/1");
        Begin(20, AwaitedFor.Http, "/2/1");
        _tracker.Stop(new(30), 7, ActivityPathTests.PathOf("/1"));
        Begin(40, AwaitedFor.Http, "/1/2");
        End(50, AwaitedFor.Http, "/1/2");
        Expect();
        // That is no thread that works for what has ended.
        Assert.All(UnitObservation.AllProblems, problem => Assert.Equal(0, _units[problem]));
    }

    [Fact]
    public void After_a_loss_it_is_not_known_what_is_under_way_but_for_what_begins_then()
    {
        Start(10, "/1");
        Begin(20, AwaitedFor.Http, "/1/2");
        _tracker.Forget();
        End(50, AwaitedFor.Http, "/1/2");
        Begin(60, AwaitedFor.Http, "/1/3");
        End(70, AwaitedFor.Http, "/1/3");
        Start(80, "/2");
        Begin(90, AwaitedFor.Http, "/2/1");
        End(95, AwaitedFor.Http, "/2/1");
        Expect("20 1 awaits Http", "60 1 awaits Http", "70 1 awaits Unknown", "90 2 awaits Http", "95 2 awaits Other");
    }

    [Fact]
    public void What_a_target_begins_and_never_ends_is_bounded()
    {
        Start(10, "/1");
        for (int i = 0; i < 10 * OpenOperations.Most; i++) Begin(20 + i, AwaitedFor.Connect, $"/1/{i + 1}");
        Begin(10_000, AwaitedFor.Http, "/1/10000");
        var operations = new OpenOperations();
        for (int i = 0; i < 10 * OpenOperations.Most; i++) operations.Begin(AwaitedFor.Connect, ActivityPathTests.PathOf($"/1/{i + 1}"));
        Assert.InRange(operations.Count, 1, OpenOperations.Most);
        Expect("20 1 awaits Connect", "10000 1 awaits Http");
    }

    /// <summary>Whatever comes in whatever order, what is awaited has begun and not ended, and where more began than are kept it is unknown.</summary>
    [Fact]
    public void What_is_awaited_is_under_way() =>
        Gen.Select(Gen.Bool, Gen.Int[1, 4], Gen.Int[1, 90]).Array[0, 300].Sample(steps =>
        {
            var operations = new OpenOperations();
            var open = new List<(AwaitedFor Kind, ActivityPath Activity)>();
            foreach ((bool begins, int kind, int number) in steps)
            {
                var one = ((AwaitedFor)kind, ActivityPathTests.PathOf($"/1/{number + 300}"));
                if (begins) open.Add(one);
                else open.Remove(one);
                if (begins) operations.Begin(one.Item1, one.Item2);
                else operations.End(one.Item1, one.Item2);
                Assert.InRange(operations.Count, 0, OpenOperations.Most);
                if (operations.Latest == AwaitedFor.Other) Assert.Empty(open);
                else if (operations.Latest != AwaitedFor.Unknown) Assert.Contains(open, other => other.Kind == operations.Latest);
            }
        }, iter: 500);

    private void Start(long at, string activity)
    {
        Assert.True(RequestPayload.TryRead(Encoding.Unicode.GetBytes("GET\0/\0"), out RequestPayload request));
        _tracker.Start(new(at), 7, ActivityPathTests.PathOf(activity), request);
    }

    private void Begin(long at, AwaitedFor kind, string activity) => _tracker.Operate(new(at), ActivityPathTests.PathOf(activity), kind, begins: true);

    private void End(long at, AwaitedFor kind, string activity) => _tracker.Operate(new(at), ActivityPathTests.PathOf(activity), kind, begins: false);

    private void Expect(params string[] told) => Assert.Equal(told, _told);
}
