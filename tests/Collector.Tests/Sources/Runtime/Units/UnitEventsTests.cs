using Observatory.Hosting;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

/// <summary>Units of the user's own: how they are asked for, and which of them are followed.</summary>
public sealed class UnitEventsTests
{
    private readonly List<TimelineEvent> _told = [];
    private readonly UnitObservation _units = new(new UnitNames([]), UnitLevel.Off, [UnitEvents.Parse("Shop/Job")]);
    private readonly RequestTracker _tracker;

    public UnitEventsTests() => _tracker = new RequestTracker(_units, _told.Add);

    [Theory]
    [InlineData("Shop-Jobs/Job", "Shop-Jobs", "Job", null)]
    [InlineData("Shop-Jobs/JobStart", "Shop-Jobs", "Job", null)]
    [InlineData("Shop.Jobs/Job:id", "Shop.Jobs", "Job", "id")]
    [InlineData("Shop/Start:id_2", "Shop", "Start", "id_2")]
    public void Provider_event_and_field_are_read(string text, string provider, string name, string? field) =>
        Assert.Equal(new UnitEvents(provider, name, field), UnitEvents.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("Job")]
    [InlineData("Shop/")]
    [InlineData("/Job")]
    [InlineData("Shop/Job:")]
    [InlineData("Shop:id/Job")]
    [InlineData("Shop/Jobs/Job")]
    [InlineData("Shop/Job\n\u001b[31m")]
    public void What_is_not_one_is_refused_in_one_line(string text)
    {
        string message = Assert.Throws<UsageException>(() => UnitEvents.Parse(text)).Message;
        Assert.Contains("PROVIDER/EVENT[:idField]", message, StringComparison.Ordinal);
        Assert.DoesNotContain(message, char.IsControl);
    }

    [Theory]
    [InlineData("Microsoft-Windows-DotNETRuntime/GC")]
    [InlineData("microsoft-aspnetcore-server-kestrel/Request")]
    [InlineData("Microsoft-Diagnostics-DiagnosticSource/Activity")]
    public void A_provider_that_would_change_what_is_observed_is_refused(string text) =>
        Assert.Contains("can be no source of units", Assert.Throws<UsageException>(() => UnitEvents.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void More_than_can_be_asked_for_are_refused() =>
        Assert.Throws<UsageException>(() => UnitEvents.ParseAll([.. Enumerable.Range(0, UnitEvents.Most + 1).Select(i => $"Shop/Job{i}")]));

    [Fact]
    public void They_have_segments_where_requests_are_off()
    {
        Assert.False(_units.HasRequests);
        Assert.Equal(UnitLevel.Segments, _units.Level);
        Assert.Equal(UnitLevel.Off, new UnitObservation(new UnitNames([]), UnitLevel.Off).Level);
    }

    [Fact]
    public void A_unit_inside_another_is_a_part_of_it()
    {
        // A path of one number, and one of two that begins with it.
        var outer = ActivityPath.From(Id(0x11));
        var inner = ActivityPath.From(Id(0x11, 0x10));
        Assert.True(_tracker.StartInside(At(10), 7, outer, 1));
        Assert.False(_tracker.StartInside(At(20), 7, inner, 2));
        _tracker.StopInside(At(30), 7, inner);
        _tracker.StopInside(At(40), 7, outer);
        _tracker.StopInside(At(50), 7, inner);
        Assert.Equal([EventKind.UnitBegan, EventKind.SegmentBegan, EventKind.UnitEnded], _told.Select(told => told.Kind));
        Assert.All(_told, told => Assert.Equal(new UnitId(UnitKind.Event, 1), told.Unit));
        Assert.Equal(1, _units[UnitProblem.Nested]);
        Assert.Equal(0, _units[UnitProblem.BeginMissing]);
    }

    [Fact]
    public void One_without_an_activity_and_an_end_without_a_beginning_are_counted()
    {
        Assert.False(_tracker.StartInside(At(10), 7, default, 1));
        _tracker.StopInside(At(20), 7, ActivityPath.From(Id(0x12)));
        Assert.Empty(_told);
        Assert.Equal(1, _units[UnitProblem.NoActivity]);
        Assert.Equal(1, _units[UnitProblem.BeginMissing]);
    }

    private static Timestamp At(long nanoseconds) => new(nanoseconds);

    private static Guid Id(params byte[] path) => new([.. path, .. new byte[16 - path.Length]]);
}
