using System.Text;
using Observatory.Hosting;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class WhyReportTests
{
    [Fact]
    public void The_verdict_names_the_cause_with_its_share_and_its_process()
    {
        WhyReport report = Report(Units(100, work: 550, (new Cause(CauseKind.Neighbour, "stress-ng-cpu", 4711), 450)));
        Assert.Equal("45% of wall time without a CPU: stress-ng-cpu (pid 4711) held it", report.Verdict);
        Assert.Equal("Stop stress-ng-cpu, or give it other CPUs (taskset, cpuset).", report.Causes[1].Advice);
    }

    [Fact]
    public void Several_neighbours_share_the_verdict_and_those_of_one_name_are_one()
    {
        WhyReport report = Report(Units(
            100, work: 200, (new Cause(CauseKind.Neighbour, "csc", 1), 300), (new Cause(CauseKind.Neighbour, "csc", 2), 300), (new Cause(CauseKind.Neighbour, "ld", 3), 200)));
        Assert.Equal("80% of wall time without a CPU: csc (pid 1 and 1 more) held it for 60%, ld (pid 3) for 20%", report.Verdict);
    }

    [Fact]
    public void Where_several_go_first_none_of_them_is_told_to_have_done_all_of_it()
    {
        ConfigurationCauses units = Units(100, work: 200, (new Cause(CauseKind.Priority, "yes", 1), 500), (new Cause(CauseKind.Priority, "ld", 3), 300));
        var limits = new TargetLimits(new ThreadScheduling(10, 0, 2), 2, null);
        Assert.Equal(
            "80% of wall time without a CPU, because the program runs at nice 10: yes (pid 1) went first for 50%, ld (pid 3) for 30%", Report(units, limits).Verdict);
        // A file of accounts does not have the priority.
        Assert.Equal(
            "80% of wall time without a CPU, because the program runs at a low priority: yes (pid 1) went first for 50%, ld (pid 3) for 30%", Report(units).Verdict);
    }

    [Theory]
    [InlineData(0, 0, "It may use 2 of 4 CPUs with a quota of 0.5 CPUs, and runs at nice 0.")]
    [InlineData(0, 5, "It may use 2 of 4 CPUs with a quota of 0.5 CPUs, and runs under SCHED_IDLE.")]
    public void What_the_target_may_use_is_a_sentence(int nice, int policy, string sentence) => Assert.Equal(
        sentence, LimitsLine.Create(new TargetLimits(new ThreadScheduling(nice, policy, 2), 4, 0.5))?.Sentence);

    [Theory]
    [InlineData("Affinity", "1 of 4 CPUs", "2 of 4 CPUs", "without a CPU: its threads may use only some of the CPUs and held each other's; the largest part, 40%, without a CPU: its threads may use only 1 of 4 CPUs and held each other's")]
    [InlineData("OtherProcess", "mysqld", "redis", "waiting for another process; the largest part, 40%, waiting for another process: mysqld")]
    public void A_cause_without_a_name_is_a_whole_sentence(string kind, string one, string other, string verdict)
    {
        CauseKind of = Enum.Parse<CauseKind>(kind);
        WhyReport report = Report(Units(100, work: 300, (new Cause(of, one), 400), (new Cause(of, other), 300)));
        Assert.Equal($"70% of wall time {verdict}", report.Verdict);
    }

    [Fact]
    public void Slow_units_without_a_cause_of_their_own_are_a_whole_sentence()
    {
        var text = new StringBuilder();
        new ConfigurationWhy("GET /", 100, 1, [], new Dictionary<string, double>(), new SlowUnits(9, 91, 3e6, 1e6, 0.8, [], null), []).Write(text);
        Assert.Contains("9 slow units take 2 ms longer than the other 91: no single cause stands out; 80% of it explained", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_unit_is_no_units()
    {
        var process = new CauseTimes();
        process.Add(new Cause(CauseKind.Lock, "a"), 500_000_000);
        string text = WhyReport.Create(
            new CauseSnapshot([Units(1, work: 1_000)], process, 1, new Dictionary<string, long> { ["System.Exception"] = 1 }, TargetLimits.None), observedSeconds: 1).ToText();
        Assert.Contains("Where the wall time of 1 unit went (1 us):", text, StringComparison.Ordinal);
        Assert.Contains("linear [8, 512, 128]: 1 unit, 1 us", text, StringComparison.Ordinal);
        Assert.Contains("  1 wait for managed locks", text, StringComparison.Ordinal);
        Assert.Contains("  1 exception System.Exception", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Configurations_beyond_those_that_are_shown_count_as_other()
    {
        var registry = new ConfigurationRegistry();
        var causes = new CauseSink(new ThreadNames(), faultSeconds: null);
        var router = new FindingsRouter(registry, [causes]);
        for (int index = 0; index < ConfigurationRegistry.MostShown + 2; index++)
        {
            registry.Declare(Samples.Configuration(0) with { Index = index, BatchSize = index + 1 });
            router.IterationClosed(Samples.Account(index, index));
        }

        CauseSnapshot found = causes.Snapshot();
        Assert.Equal(ConfigurationRegistry.MostShown + 2, found.Units.Sum(one => one.Units));
        Assert.Equal(2, found.Units.Single(one => one.Name == "other").Units);
    }

    /// <summary>Whatever listens on a port may answer in place of a collector.</summary>
    [Fact]
    public void What_answers_sends_nothing_to_the_terminal_but_text()
    {
        WhyReport report = Report(Units(100, work: 200, (new Cause(CauseKind.Neighbour, "\u001b[2Jgone\u202e", 4711), 800)));
        string[] lines = [.. WhyCommand.Lines(report)];
        Assert.Contains(lines, line => line.Contains("?[2Jgone?", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.DoesNotContain(line, character => character is '\u001b' or '\u202e'));
    }

    [Theory]
    [InlineData("a", "a", "70% of wall time waiting for a managed lock held by a")]
    [InlineData("a", "b", "70% of wall time waiting for a managed lock; the largest part, 40%, waiting for a managed lock held by a, which ran")]
    public void The_verdict_says_no_more_of_a_whole_than_is_true_of_all_its_parts(string one, string other, string verdict)
    {
        WhyReport report = Report(Units(
            100, work: 300, (new Cause(CauseKind.Lock, one, Detail: "which ran"), 400), (new Cause(CauseKind.Lock, other, Detail: "which slept"), 300)));
        Assert.Equal(verdict, report.Verdict);
    }

    [Fact]
    public void Of_several_reasons_for_a_late_stop_the_largest_is_told_with_its_share()
    {
        WhyReport report = Report(Units(
            100, work: 500, (new Cause(CauseKind.Gc, "gen0", Detail: "waited for a, which ran on"), 300), (new Cause(CauseKind.Gc, "gen0"), 200)));
        Assert.Equal(
            "50% of wall time stopped by the runtime for garbage collection: gen0; the largest part, 30%, stopped by the runtime, which waited for a, which ran on (garbage collection: gen0)",
            report.Verdict);
    }

    [Fact]
    public void Where_a_program_does_its_own_work_nothing_stands_out()
    {
        WhyReport report = Report(Units(100, work: 980, (new Cause(CauseKind.Neighbour, "cron", 1), 20)));
        Assert.Equal("Nothing stands out: 98% of wall time is the program's own work", report.Verdict);
    }

    [Fact]
    public void The_observers_start_is_told_and_is_the_verdict_only_where_it_took_much()
    {
        WhyReport some = Report(Units(100, work: 900, (new Cause(CauseKind.ObserverStart), 100)));
        Assert.Equal("Nothing stands out: 90% of wall time is the program's own work; 10% went to this observer's start, which it does once", some.Verdict);
        Assert.Null(some.VerdictCause);
        Assert.Equal("observer_start", some.Causes[1].Cause);
        Assert.Equal("observer_start", Report(Units(100, work: 750, (new Cause(CauseKind.ObserverStart), 250))).VerdictCause);
        Assert.Equal("gc", Report(Units(100, work: 840, (new Cause(CauseKind.ObserverStart), 100), (new Cause(CauseKind.Gc), 60))).VerdictCause);
    }

    [Fact]
    public void What_the_observer_costs_is_judged_by_the_units_after_its_start_too()
    {
        ConfigurationCauses units = Units(100, work: 90_000_000, (new Cause(CauseKind.ObserverStart), 10_000_000));
        Add(units, 30, 36_000_000, (new Cause(CauseKind.Observer), 4_000_000));
        WhyReport report = Report(units);
        Assert.Equal("observer", report.VerdictCause);
        Assert.Equal("10% of wall time after its start without a CPU: this observer held it", report.Verdict);
        Assert.Equal((30, 30 * 40_000_000L, 30 * 4_000_000L), units.AfterStart);

        // Too few units after the start say nothing of their own.
        ConfigurationCauses few = Units(100, work: 90_000_000, (new Cause(CauseKind.ObserverStart), 10_000_000));
        Add(few, 29, 36_000_000, (new Cause(CauseKind.Observer), 4_000_000));
        Assert.Null(Report(few).VerdictCause);
    }

    [Fact]
    public void Slow_units_are_told_from_the_others_by_what_they_have_more_of()
    {
        ConfigurationCauses units = Units(500, work: 1_000);
        Add(units, 20, 1_000, (new Cause(CauseKind.Gc, "gen2, induced"), 9_000));
        SlowUnits compared = SlowUnits.Compare(units.Samples);
        Assert.Null(compared.Abstained);
        Assert.Equal((20, 500), (compared.Slow, compared.Body));
        SlowCause cause = Assert.Single(compared.Causes);
        Assert.Equal((CauseKind.Gc, 9_000.0), (cause.Kind, cause.Difference));
        Assert.InRange(9_000, cause.Low, cause.High);
        Assert.Equal(1, compared.Explained);
    }

    [Fact]
    public void With_few_slow_units_or_an_unknown_difference_nothing_is_said()
    {
        ConfigurationCauses few = Units(500, work: 1_000);
        Add(few, 3, 9_000);
        Assert.StartsWith("too few units", SlowUnits.Compare(few.Samples).Abstained);
        ConfigurationCauses unknown = Units(500, work: 1_000);
        Add(unknown, 20, 1_000, (new Cause(CauseKind.Unknown), 9_000));
        Assert.Equal("only 0% of the difference can be explained", SlowUnits.Compare(unknown.Samples).Abstained);
        Assert.Equal("the slow units are hardly slower than the others", SlowUnits.Compare(Spread()).Abstained);
    }

    [Fact]
    public void What_if_takes_a_cause_out_of_every_unit()
    {
        ConfigurationCauses units = Units(100, work: 1_000, (new Cause(CauseKind.Throttled), 500));
        WhatIf without = SlowUnits.Without(CauseKind.Throttled, units.Samples);
        Assert.Equal((1_500.0, 1_000.0), (without.Median, without.MedianWithout?.Value));
        Assert.Equal((1_500.0, 1_000.0), (without.P95, without.P95Without?.Value));
        Assert.Null(without.Abstained);
    }

    [Fact]
    public void What_if_says_nothing_where_what_is_left_depends_on_the_cause()
    {
        ConfigurationCauses starved = Units(100, work: 1_000, (new Cause(CauseKind.Priority, "yes", 5), 98_000), (new Cause(CauseKind.Observer), 1_000));
        WhatIf without = SlowUnits.Without(CauseKind.Priority, starved.Samples);
        Assert.Equal("50% of what is left of a unit are other waits that depend on it, or unexplained", without.Abstained);
        Assert.Null(without.MedianWithout);

        // A lock and a CPU are waited for apart; what is not explained might be either.
        ConfigurationCauses apart = Units(100, work: 1_000, (new Cause(CauseKind.Lock, "a"), 98_000), (new Cause(CauseKind.Neighbour, "b", 5), 1_000));
        Assert.Equal(2_000, SlowUnits.Without(CauseKind.Lock, apart.Samples).MedianWithout?.Value);
        ConfigurationCauses unknown = Units(100, work: 1_000, (new Cause(CauseKind.Lock, "a"), 98_000), (new Cause(CauseKind.Unknown), 1_000));
        Assert.NotNull(SlowUnits.Without(CauseKind.Lock, unknown.Samples).Abstained);
        ConfigurationCauses faults = Units(100, work: 1_000, (new Cause(CauseKind.PageFaults), 2_000));
        Assert.Equal(
            "its time is modelled, to 40%: that is 80% of what is left of a unit", SlowUnits.Without(CauseKind.PageFaults, faults.Samples).Abstained);
        ConfigurationCauses few = Units(100, work: 1_000, (new Cause(CauseKind.PageFaults), 700));
        Assert.Equal(1_000, SlowUnits.Without(CauseKind.PageFaults, few.Samples).MedianWithout?.Value);
        Assert.Equal("too few units: 29 of at least 30", SlowUnits.Without(CauseKind.Lock, Units(29, work: 1_000).Samples).Abstained);
    }

    [Fact]
    public void A_file_that_is_no_file_of_accounts_is_refused_with_its_line()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "{\"iteration\":1}\n");
            Assert.Contains("line 1", Assert.Throws<UsageException>(() => WhyCommand.ReadFile(path)).Message, StringComparison.Ordinal);
            File.WriteAllText(path, "");
            Assert.Contains("has no account", Assert.Throws<UsageException>(() => WhyCommand.ReadFile(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_unit_of_a_file_keeps_its_causes()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, """{"iteration":3,"thread":7,"operation":"linear","batch_size":8,"sequence_length":512,"embedding_dim":128,"began_ns":0,"ended_ns":1000,"causes":[{"cause":"neighbour","by":"stress","pid":5,"ns":800},{"cause":"throttled","ns":100},{"cause":"work","ns":100}],"without_cpu_ns":{"neighbour":800,"throttled":100}}""");
            WhyReport report = WhyCommand.ReadFile(path);
            Assert.Equal("80% of wall time without a CPU: stress (pid 5) held it", report.Verdict);
            ConfigurationWhy configuration = Assert.Single(report.Configurations);
            Assert.Equal("linear [8, 512, 128]", configuration.Name);
            Assert.Equal((8e-7, 1e-7), (configuration.WithoutCpuSeconds["neighbour"], configuration.WithoutCpuSeconds["throttled"]));
            Assert.Contains("preempted or waking for 900 ns: neighbour 89%, throttled 11%", report.ToText(), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static WhyReport Report(ConfigurationCauses units, TargetLimits? limits = null) => WhyReport.Create(
        new CauseSnapshot([units], new CauseTimes(), 0, new Dictionary<string, long>(), limits ?? TargetLimits.None), observedSeconds: 1);

    private static ConfigurationCauses Units(int count, long work, params (Cause, long)[] others)
    {
        var units = new ConfigurationCauses("linear [8, 512, 128]");
        Add(units, count, work, others);
        return units;
    }

    private static void Add(ConfigurationCauses units, int count, long work, params (Cause Cause, long Nanoseconds)[] others)
    {
        for (int i = 0; i < count; i++)
        {
            var causes = new CauseTimes();
            causes.Add(new Cause(CauseKind.Work), work);
            foreach ((Cause cause, long nanoseconds) in others) causes.Add(cause, nanoseconds);
            units.Add(i, 7, new Timestamp(i), causes.Total, causes);
        }
    }

    /// <summary>A thousand units between 1000 and 1100 ns.</summary>
    private static List<UnitSample> Spread()
    {
        List<UnitSample> samples = [];
        for (int i = 0; i < 1_000; i++)
        {
            long[] kinds = new long[Cause.Kinds.Length];
            kinds[0] = 1_000 + (i / 10);
            samples.Add(new UnitSample(kinds[0], kinds));
        }

        return samples;
    }
}
