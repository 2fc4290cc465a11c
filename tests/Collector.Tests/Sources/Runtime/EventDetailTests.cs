using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Observatory.Hosting;

namespace Observatory.Collector.Tests;

public sealed class EventDetailTests
{
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";

    [Theory]
    [InlineData("off", EventGroups.None)]
    [InlineData("gc", EventGroups.Gc | EventGroups.Background)]
    [InlineData("off,+exceptions", EventGroups.Exceptions)]
    [InlineData("gc, -background", EventGroups.Gc)]
    [InlineData("off,+queue", EventGroups.Queue | EventGroups.Gc)]
    public void A_level_and_changes_are_groups(string text, object groups) =>
        Assert.Equal((EventGroups)groups, EventDetail.Parse(text).Groups);

    [Theory]
    [InlineData("")]
    [InlineData("all")]
    [InlineData("gc,threads")]
    [InlineData("gc,+none")]
    [InlineData("gc,+")]
    public void What_is_neither_is_refused(string text) => Assert.Throws<UsageException>(() => EventDetail.Parse(text));

    [Fact]
    public void What_costs_is_off_by_default()
    {
        EventDetail detail = EventDetail.Parse("default");
        Assert.Equal(EventDetail.Default, detail);
        foreach (EventGroups dear in (EventGroups[])[EventGroups.Exceptions, EventGroups.Allocations, EventGroups.Queue, EventGroups.Waits, EventGroups.Jit])
            Assert.False(detail.Has(dear));
    }

    [Fact]
    public void Verbose_has_every_group() =>
        Assert.All(Enum.GetValues<EventGroups>(), group => Assert.True(EventDetail.Parse("verbose").Has(group)));

    [Fact]
    public void Every_group_asks_for_something() =>
        Assert.All(Enum.GetValues<EventGroups>().Skip(1), group => Assert.Contains(GroupEvents.All, events => events.Group == group));

    [Fact]
    public void Off_asks_for_nothing() => Assert.Empty(SessionProviders.Exact(EventDetail.Parse("off")));

    [Fact]
    public void A_provider_is_asked_once_for_everything_that_is_wanted_of_it()
    {
        EventPipeProvider provider = Assert.Single(SessionProviders.Exact(EventDetail.Parse("gc,-background,+waits")));
        Assert.Equal((Runtime, 0x40000000001, EventLevel.Verbose), (provider.Name, provider.Keywords, provider.EventLevel));
        Assert.Equal<uint>([1, 2, 3, 4, 8, 9, 39, 204, 301, 302], [.. provider.EventFilter.EventIds.Order()]);
    }

    /// <summary>No runtime before .NET 10 is within reach of these tests: this is all there is to it.</summary>
    [Fact]
    public void An_older_runtime_is_asked_for_ticks_in_place_of_samples_and_without_a_filter()
    {
        EventPipeProvider provider = Assert.Single(SessionProviders.Whole(EventDetail.Parse("off,+allocations")));
        Assert.Equal((Runtime, 1L, EventLevel.Verbose), (provider.Name, provider.Keywords, provider.EventLevel));
        Assert.Null(provider.EventFilter);
    }
}

/// <summary>The session that runtimes before .NET 10 get, with these tests as its target: this runtime grants it too.</summary>
public sealed class OlderRuntimeTests
{
    private const int Limit = 60_000;

    [Fact]
    public void Ticks_tell_of_allocations()
    {
        using EventPipeSession session = new DiagnosticsClient(Environment.ProcessId).StartEventPipeSession(
            RuntimeEventIds.Session(
                SessionRequest.All(EventDetail.Parse("gc,+allocations")).ElementAt(1),
                bufferMegabytes: 64,
                new SessionExtras(OwnCounters: false, Group: null, Heartbeat: false)));
        var heard = new Listener();
        var reader = new Thread(() => Read(session, heard));
        reader.Start();
        Span<byte[]> kept = new byte[100][];
        long end = Environment.TickCount64 + Limit;
        for (int i = 0; !heard.Ticked.IsSet && Environment.TickCount64 < end; i++) kept[i % kept.Length] = new byte[10_000];
        session.Stop();
        reader.Join();
        Assert.True(heard.Ticked.IsSet);
    }

    private static void Read(EventPipeSession session, Listener heard)
    {
        using var source = new EventPipeEventSource(session.EventStream);
        RuntimeDecoders.Subscribe(source, heard, new RunningConfiguration());
        source.Process();
    }

    private sealed class Listener : IRuntimeEventHandler
    {
        public ManualResetEventSlim Ticked { get; } = new();

        public void Allocated(in AllocationSample sample, long? configuration)
        {
            // Ticks come every 100 KB or so: all of it is then said to be of the last type.
            if (sample is { Type: "System.Byte[]", Heap: "small", Bytes: > 10_000, Objects: > 1 }) Ticked.Set();
        }
    }
}
