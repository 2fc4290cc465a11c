using System.Text;
using Observatory.Hosting;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

/// <summary>Activities as units: how they are asked for, what is read, when the request is withdrawn or taken.</summary>
public sealed class ActivityTests
{
    private const string Source = "Shop.Orders";
    private const long Second = 1_000_000_000;

    /// <summary>A start as .NET 10.0.12 wrote it, in hexadecimal.</summary>
    private const string Recorded =
        "530068006F0070002E004F00720064006500720073000000" + "6F0072006400650072000000" + "0300"
        + "5300700061006E00490064000000" + "64003000350034006100390064003000360065003800650065006200640038000000"
        + "5200000046 0061006C00730065000000" + "410000004600" + "61006C00730065000000";

    private readonly List<TimelineEvent> _told = [];
    private readonly UnitObservation _units;
    private readonly ActivityReader _reader;

    public ActivityTests()
    {
        _units = new UnitObservation(new UnitNames([]), UnitLevel.Off, [], [ActivitySourceUnits.Parse($"activity:{Source}"), ActivitySourceUnits.Parse("activity:Forced!")]);
        _reader = new ActivityReader(Requests, _units, new RequestTracker(_units, _told.Add), (thread, _) => thread);
    }

    private ActivityRequests Requests => _units.Activities;

    [Fact]
    public void Options_are_read()
    {
        Assert.Equal(new ActivitySourceUnits("Shop.Orders", false), ActivitySourceUnits.Parse("activity:Shop.Orders"));
        Assert.Equal(new ActivitySourceUnits("Shop.Orders", true), ActivitySourceUnits.Parse("activity:Shop.Orders!"));
        // Asked for twice, it is forced once.
        Assert.Equal([new ActivitySourceUnits("A", true)], ActivitySourceUnits.ParseAll(["activity:A", "activity:A!"]));
    }

    [Theory]
    [InlineData("activity:")]
    [InlineData("activity:!")]
    [InlineData("activity:*")]
    [InlineData("activity:A/Start-Record:B")]
    [InlineData("activity:A\n[AS]*")]
    public void What_is_no_source_is_refused_in_one_line(string text)
    {
        string message = Assert.Throws<UsageException>(() => ActivitySourceUnits.Parse(text)).Message;
        Assert.Contains("is not activity:SOURCE", message, StringComparison.Ordinal);
        Assert.DoesNotContain(message, char.IsControl);
    }

    [Fact]
    public void A_request_never_asks_for_activities_to_be_recorded()
    {
        string specs = ActivityProvider.Read(Requests.Wanted).Arguments!["FilterAndPayloadSpecs"];
        Assert.Equal(2, specs.Split('\n').Length);
        Assert.All(specs.Split('\n'), spec => Assert.Contains("/-Propagate:-", spec, StringComparison.Ordinal));
        // Nothing at all would stand for everything.
        Assert.StartsWith("[AS]", ActivityProvider.Replace([]).Arguments!["FilterAndPayloadSpecs"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_recorded_start_is_read_and_no_part_of_it_is_taken_for_one()
    {
        byte[] bytes = Convert.FromHexString(Recorded.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(118, bytes.Length);
        Assert.True(ActivityPayload.TryRead(bytes, out ActivityPayload read));
        Assert.Equal((Source, "order", "d054a9d06e8eebd8"), (read.Source.ToString(), read.Name.ToString(), read.SpanId.ToString()));
        Assert.False(read.IsOwn);
        for (int length = 0; length < bytes.Length - 1; length++) Assert.False(ActivityPayload.TryRead(bytes.AsSpan(0, length), out _));
    }

    [Fact]
    public void A_start_and_a_stop_with_the_same_span_are_a_unit_and_what_is_inside_is_a_part_of_it()
    {
        Read(begins: true, "a", at: 10, path: [0x11]);
        Read(begins: true, "b", at: 20, path: [0x11, 0x10]);
        // The stops may come in any order, and from where the runtime follows nothing.
        Read(begins: false, "b", at: 30, path: []);
        Read(begins: false, "a", at: 40, path: []);
        Read(begins: false, "never", at: 50, path: []);
        Assert.Equal([EventKind.UnitBegan, EventKind.SegmentBegan, EventKind.UnitEnded], _told.Select(told => told.Kind));
        Assert.Equal("order", _units.Names.NameOf(1));
        Assert.Equal((1L, 1L, 0L), (_units[UnitProblem.Nested], _units[UnitProblem.BeginMissing], _units[UnitProblem.Malformed]));
    }

    [Fact]
    public void What_another_tool_asked_for_is_no_unit()
    {
        _reader.Read(true, Payload("Elsewhere", "a", "False"), 7, Path(0x11), new Timestamp(10));
        _reader.Read(true, Encoding.Unicode.GetBytes($"{Source}\0order\0\u0001TraceId\0x\0"), 7, Path(0x12), new Timestamp(20));
        Assert.Empty(_told);
        Assert.Equal(0, _units[UnitProblem.Malformed]);
        _reader.Read(true, [1, 2, 3], 7, Path(0x13), new Timestamp(30));
        Assert.Equal(1, _units[UnitProblem.Malformed]);
    }

    [Fact]
    public void A_source_of_which_the_program_records_nothing_is_withdrawn_and_what_is_open_ends_unseen()
    {
        for (int i = 0; i < ActivityRequests.LeastSeen - 1; i++) Read(begins: true, $"{i}", at: i, path: [0x1F, (byte)(0x10 + i)]);
        Assert.False(Look(6 * Second).MustAsk);
        Read(begins: true, "last", at: 5 * Second, path: [0x12]);
        // Enough of them, and for long enough.
        Assert.False(Requests.Look(new Timestamp(4 * Second), null).MustAsk);
        (IReadOnlyList<string> lines, bool mustAsk) = Look(6 * Second);
        Assert.True(mustAsk);
        Assert.Contains("activity:Shop.Orders!", Assert.Single(lines), StringComparison.Ordinal);
        Assert.Equal(["Forced"], Requests.Wanted.Select(source => source.Source));
        Assert.Equal((1, 1, 0), Requests.Count());
        _reader.Settle(new Timestamp(7 * Second));
        Assert.Equal(ActivityRequests.LeastSeen, _told.Count(told => told.Kind == EventKind.UnitDropped));
        Assert.Equal(ActivityRequests.LeastSeen, _units[UnitProblem.EndMissing]);

        Requests.Asked(new Timestamp(7 * Second), isTaken: true);
        Assert.False(Look(8 * Second).MustAsk);
        Read(begins: true, "late", at: 8 * Second, path: [0x13]);
        Assert.Equal(ActivityRequests.LeastSeen, _told.Count(told => told.Kind == EventKind.UnitBegan));
    }

    [Theory]
    [InlineData(Source, "True")]
    [InlineData("Forced", "False")]
    public void A_source_that_the_program_records_or_the_user_wants_all_the_same_stays(string source, string isOwn)
    {
        for (int i = 0; i < 100; i++) _reader.Read(true, Payload(source, $"{i}", i == 7 ? isOwn : "False"), 7, Path(0x11, (byte)i), new Timestamp(i * Second));
        Assert.False(Look(1000 * Second).MustAsk);
        Assert.Equal((2, 0, 0), Requests.Count());
    }

    [Fact]
    public void A_session_that_is_not_ours_takes_the_listener_and_it_is_asked_for_when_that_has_ended()
    {
        using (Requests.Opening())
        {
            // Whatever tells of a session while we open one is ours.
            Requests.Opened(Now());
        }

        for (int looks = 0; looks < 3; looks++) Assert.Empty(Look(Now(), sessions: 2).Lines);
        Read(begins: true, "a", at: Now().Nanoseconds, path: [0x11]);
        Requests.Opened(Now());
        // Its thread is not there yet: that there are no more sessions than ours does not mean that it has gone.
        (IReadOnlyList<string> lines, bool mustAsk) = Look(Later(0), sessions: 2);
        Assert.False(mustAsk);
        Assert.False(Look(Later(1), sessions: 3).MustAsk);
        Assert.Contains("another tool", Assert.Single(lines), StringComparison.Ordinal);
        Assert.Equal((0, 0, 2), Requests.Count());
        Assert.NotNull(Requests.Trouble);
        _reader.Settle(Later(1));
        Assert.Equal(1, _units[UnitProblem.EndMissing]);

        // Not while the other is there, however long.
        Assert.False(Look(Later(100), sessions: 3).MustAsk);
        Assert.True(Look(Later(101), sessions: 2).MustAsk);
        Requests.Asked(Later(102), isTaken: true);
        Assert.Null(Requests.Trouble);
        Assert.Contains("asked for again", Assert.Single(Look(Later(103), sessions: 3).Lines), StringComparison.Ordinal);

        // Soon after, another takes it for a moment: two tools do not take turns all the time.
        for (int at = 104; at < 106; at++) Assert.False(Look(Later(at), sessions: 3).MustAsk);
        Requests.Opened(Later(106));
        for (int at = 107; at < 112; at++) Assert.False(Look(Later(at), sessions: 3).MustAsk);
        Assert.True(Look(Later(112), sessions: 3).MustAsk);
        Assert.Equal(4, Requests[ActivityLoss.OtherTool]);
    }

    [Fact]
    public void A_session_that_comes_before_ours_were_counted_is_not_taken_for_one_of_ours()
    {
        // Its thread is there already, its events have not been read yet.
        Assert.Empty(Look(Later(1), sessions: 3).Lines);
        Requests.Opened(Later(1));
        for (int at = 2; at < 40; at++) Assert.False(Look(Later(at), sessions: 3).MustAsk);
        Assert.True(Look(Later(40), sessions: 2).MustAsk);
    }

    [Fact]
    public void Silence_after_a_session_has_ended_means_that_it_had_the_listener()
    {
        Look(Later(1), sessions: 3);
        Assert.Empty(Look(Later(2), sessions: 2).Lines);
        Read(begins: true, "a", at: Later(3).Nanoseconds, path: [0x11]);
        Assert.Empty(Look(Later(6), sessions: 2).Lines);
        // The same, and nothing comes.
        Look(Later(7), sessions: 1);
        Assert.Empty(Look(Later(9), sessions: 1).Lines);
        (IReadOnlyList<string> lines, bool mustAsk) = Look(Later(11), sessions: 1);
        Assert.Single(lines);
        Assert.Equal((0, 0, 2), Requests.Count());
        Assert.False(mustAsk);
        for (int at = 12; at < 14; at++) Assert.False(Look(Later(at), sessions: 1).MustAsk);
        Assert.True(Look(Later(14), sessions: 1).MustAsk);
    }

    [Fact]
    public void A_request_that_is_refused_is_repeated_and_said_once()
    {
        Requests.Opened(Later(1));
        Assert.Single(Look(Later(100), sessions: null).Lines);
        Assert.True(Look(Later(101), sessions: null).MustAsk);
        Requests.Asked(Later(101), isTaken: false);
        Assert.Single(Look(Later(102), sessions: null).Lines);
        Assert.False(Look(Later(103), sessions: null).MustAsk);
        Assert.True(Look(Later(112), sessions: null).MustAsk);
        Requests.Asked(Later(112), isTaken: false);
        Assert.Empty(Look(Later(113), sessions: null).Lines);
        Assert.Equal(2, Requests[ActivityLoss.Refused]);
    }

    private readonly Timestamp _began = new(Kernel.MonotonicClock.NowNanoseconds());

    private static Timestamp Now() => new(Kernel.MonotonicClock.NowNanoseconds());

    // Far enough from now that the opening that is ours is over.
    private Timestamp Later(long seconds) => new(_began.Nanoseconds + ((60 + seconds) * Second));

    private (IReadOnlyList<string> Lines, bool MustAsk) Look(long at) => Requests.Look(new Timestamp(at), null);

    private (IReadOnlyList<string> Lines, bool MustAsk) Look(Timestamp at, int? sessions) => Requests.Look(at, sessions);

    private void Read(bool begins, string span, long at, byte[] path) =>
        _reader.Read(begins, Payload(Source, span, "False"), 7, Path(path), new Timestamp(at));

    private static byte[] Payload(string source, string span, string isOwn) =>
        Encoding.Unicode.GetBytes($"{source}\0order\0\u0002SpanId\0{span}\0A\0{isOwn}\0");

    private static ActivityPath Path(params byte[] path) => ActivityPath.From(new Guid([.. path, .. new byte[16 - path.Length]]));
}
