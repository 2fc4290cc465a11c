namespace Observatory.Collector.Tests;

public sealed class CauseTimesTests
{
    [Fact]
    public void A_process_that_comes_after_hundreds_of_others_has_its_name_once_it_takes_the_most()
    {
        var times = new CauseTimes();
        for (int pid = 1; pid <= 1_000; pid++) times.Add(new Cause(CauseKind.Neighbour, "short", pid), pid % 7 + 1);
        var late = new Cause(CauseKind.Neighbour, "late", 5_000);
        for (int i = 0; i < 100; i++)
        {
            times.Add(late, 1_000);
            times.Add(new Cause(CauseKind.Neighbour, "short", 6_000 + i), 1);
        }

        (Cause first, long nanoseconds) = times.Ranked[0];
        Assert.Equal((late, 100_000L), (first, nanoseconds));
    }

    [Fact]
    public void A_thousand_short_processes_of_one_name_are_one_cause_by_that_name()
    {
        var times = new CauseTimes();
        for (int pid = 1; pid <= 1_000; pid++) times.Add(new Cause(CauseKind.Neighbour, "curl", pid), 3);

        Assert.All(times.Ranked, pair => Assert.Equal("curl", pair.Key.By));
        Assert.Equal(new Cause(CauseKind.Neighbour, "curl"), times.Ranked[0].Key);
        Assert.Equal(3_000, times.Total);
    }

    /// <summary>Only names that others choose become "other": of what the observer itself calls things that would be another thing.</summary>
    [Fact]
    public void What_has_to_make_room_keeps_what_it_is()
    {
        var times = new CauseTimes();
        times.Add(new Cause(CauseKind.Awaiting, "http"), 1);
        times.Add(new Cause(CauseKind.Io), 1);
        for (int i = 0; i < 300; i++)
        {
            times.Add(new Cause(CauseKind.Gc, "gen2, induced", Detail: $"triggered by {i}"), 2);
            times.Add(new Cause(CauseKind.Io, "jbd2", Detail: $"through {i}"), 2);
            times.Add(new Cause(CauseKind.Lock, $"lock {i}"), 3);
        }

        Assert.Equal((1L, 600L, 601L, 900L), (Of(CauseKind.Awaiting), Of(CauseKind.Gc), Of(CauseKind.Io), Of(CauseKind.Lock)));
        Assert.Contains(new Cause(CauseKind.Awaiting, "http"), times.Ranked.Select(pair => pair.Key));
        // The bound of the machine's counter stays a bound, and a disk is no process.
        Assert.Contains(times.Ranked, pair => pair.Key.IsBound && pair.Value == 1);
        Assert.DoesNotContain(times.Ranked, pair => pair.Key.By == CauseTimes.Other && pair.Key.Kind != CauseKind.Lock);

        long Of(CauseKind kind) => times.ByKind()[(int)kind];
    }

    [Fact]
    public void What_is_not_told_apart_is_nothing_to_stop()
    {
        var other = new Cause(CauseKind.Neighbour, CauseTimes.Other);

        Assert.Equal("without a CPU: other processes held it", CauseText.Describe(other, TargetLimits.None));
        Assert.Null(CauseText.Advise(other, TargetLimits.None));
    }

    [Fact]
    public void What_loses_its_name_keeps_its_time_and_kind_and_the_names_are_bounded()
    {
        var times = new CauseTimes();
        long neighbours = 0, locks = 0;
        for (int i = 1; i <= 2_000; i++)
        {
            times.Add(new Cause(CauseKind.Neighbour, "process", i), i);
            times.Add(new Cause(CauseKind.Lock, $"lock {i}"), 2 * i);
            neighbours += i;
            locks += 2 * i;
        }

        long[] byKind = times.ByKind();
        Assert.Equal((neighbours, locks, neighbours + locks), (byKind[(int)CauseKind.Neighbour], byKind[(int)CauseKind.Lock], times.Total));
        Assert.InRange(times.Ranked.Count, 1, 202);
        Assert.Contains(times.Ranked, pair => pair.Key == new Cause(CauseKind.Lock, "other"));
    }
}
