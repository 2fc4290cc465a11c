using Observatory.Recorder;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>What a trace is about, and how much of what is recorded it takes.</summary>
/// <param name="Generations">As many of the newest as fit into a file.</param>
/// <param name="Unit">The unit that the trigger names, or the slowest that it concerns; null where there is none.</param>
/// <param name="Closely">The part in which every slice is kept.</param>
/// <param name="Shown">What a picture of it shows.</param>
/// <param name="MostBytes">Size of the file at most.</param>
internal sealed record TraceSubject(IReadOnlyList<Generation> Generations, UnitAccount? Unit, TimeRange Closely, TimeRange Shown, long MostBytes)
{
    /// <summary>A stretch of time that was asked for is to be there whole: all that <see cref="FlightRecorder"/> keeps of one fits in.</summary>
    private const long MostBytesOfRecording = 250_000_000;

    /// <summary>An event of the timeline takes no more in the file.</summary>
    private const int BytesPerEvent = 14;

    public static TraceSubject From(RingCut cut, TraceTrigger trigger)
    {
        long most = trigger.Kind == TraceTrigger.Recording ? MostBytesOfRecording : PerfettoFile.MostBytes;
        IReadOnlyList<Generation> generations = Newest(cut.Generations, most);
        UnitAccount? unit = trigger.Unit ?? Slowest(generations, trigger);
        TimeRange shown = unit is { } drawn ? new TimeRange(drawn.Began, drawn.Ended) : new TimeRange(trigger.From, trigger.To);
        return new TraceSubject(generations, unit, CloselyAround(unit, trigger, generations[^1].To), shown, most);
    }

    private static IReadOnlyList<Generation> Newest(IReadOnlyList<Generation> generations, long most)
    {
        long bytes = 0;
        int first = generations.Count - 1;
        for (int i = first; i >= 0 && (bytes += (long)generations[i].Count * BytesPerEvent) <= most; i--) first = i;
        return [.. generations.Skip(first)];
    }

    /// <summary>The slowest unit that the trigger concerns: of a pause or a loss those that were under way meanwhile.</summary>
    private static UnitAccount? Slowest(IReadOnlyList<Generation> generations, TraceTrigger trigger)
    {
        UnitAccount? slowest = null;
        foreach (Generation generation in generations)
        {
            foreach (ReadOnlyMemory<UnitAccount> block in generation.Accounts())
            {
                foreach (UnitAccount account in block.Span)
                {
                    bool isInside = account.Began >= generations[0].From && account.Began <= trigger.To && account.Ended >= trigger.From;
                    if (isInside && (slowest is not { } known || account.Wall > known.Wall)) slowest = account;
                }
            }
        }

        return slowest;
    }

    /// <summary>The unit and, where the trace was captured for something else that has a time, that too.</summary>
    private static TimeRange CloselyAround(UnitAccount? unit, TraceTrigger trigger, Timestamp end)
    {
        bool hasTime = trigger.From > Timestamp.Zero && trigger.Kind != TraceTrigger.Recording;
        if (unit is null && !hasTime) return new TimeRange(end - Duration.FromMilliseconds(20), end);
        (Timestamp from, Timestamp to) = unit is { } about ? (about.Began, about.Ended) : (trigger.From, trigger.To);
        if (hasTime) (from, to) = (Timestamp.Earlier(from, trigger.From), Timestamp.Later(to, trigger.To));
        var margin = new Duration(Math.Max((to - from).Nanoseconds / 4, 100_000));
        return new TimeRange(from - margin, to + margin);
    }
}
