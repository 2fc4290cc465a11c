namespace Observatory.Soak.Tests;

/// <summary>The verdict against simulated runs of which the truth is known; benchmarks/soak has the rates over a thousand of each.</summary>
public sealed class VerdictTests
{
    private static readonly SimulatedRun s_quiet = new() { Hours = 2, Dependence = 0.5, LatencyNoise = 0.5, MemoryNoise = 0.3, Cycle = 0 };

    [Fact]
    public void Days_on_which_nothing_grows_have_no_finding()
    {
        int failed = Enumerable.Range(1, 12).Count(seed => new SimulatedRun { Cycle = 0 }.Verdict(seed).Outcome == SoakOutcome.Fails);
        int ofCycles = Enumerable.Range(1, 12).Count(seed => new SimulatedRun { Dependence = 0.5 }.Verdict(seed).Outcome == SoakOutcome.Fails);
        Assert.Equal((0, 0), (failed, ofCycles));
    }

    [Fact]
    public void A_leak_and_a_slow_down_are_found_within_two_hours()
    {
        Assert.All(Enumerable.Range(1, 6), seed =>
        {
            Assert.Equal(SoakOutcome.Fails, Of(s_quiet with { SlowDown = 1.5 }, "latency", seed).Outcome);
            Assert.Equal(SoakOutcome.Fails, Of(s_quiet with { ManagedLeak = 2 }, "target_managed_memory", seed).Outcome);
            Assert.Equal(SoakOutcome.Fails, Of(s_quiet with { NativeLeak = 2 }, "target_native_memory", seed).Outcome);
            Assert.Equal(SoakOutcome.Fails, Of(s_quiet with { HandleLeak = 60 }, "target_handles", seed).Outcome);
        });
    }

    [Fact]
    public void One_configuration_of_many_that_slows_down_is_named_and_no_other()
    {
        SimulatedRun run = s_quiet with { Configurations = 20, LastSlowsDown = 3 };
        Assert.All(Enumerable.Range(1, 4), seed =>
        {
            SoakFinding each = Of(run, "latency_by_configuration", seed);
            Assert.Equal(SoakOutcome.Fails, each.Outcome);
            SlowedConfiguration slowed = Assert.Single(each.Slowed!);
            Assert.Equal(SimulatedRun.NameOf(19), slowed.Name);
            Assert.InRange(3, slowed.Low, slowed.High);
            Assert.Contains("slows: linear [8, 512, 2560] by ", each.Sentence, StringComparison.Ordinal);
            Assert.NotEqual(SoakOutcome.Fails, Of(run, "latency", seed).Outcome);
        });
    }

    [Fact]
    public void Many_configurations_that_do_not_slow_down_raise_no_finding()
    {
        var run = new SimulatedRun { Hours = 2, Configurations = 100, Cycle = 0 };
        Assert.All(Enumerable.Range(1, 4), seed => Assert.NotEqual(SoakOutcome.Fails, Of(run, "latency_by_configuration", seed).Outcome));
    }

    [Fact]
    public void A_short_run_has_no_growth_an_hour_but_says_what_it_takes()
    {
        SimulatedRun run = s_quiet with { Hours = 0.6, ManagedLeak = 100 };
        SoakFinding early = Of(run, "target_managed_memory", seed: 1);
        Assert.Equal((SoakOutcome.Inconclusive, null), (early.Outcome, early.PerHour));
        Assert.Contains("too short, 20 min after the warm-up; a trend needs 30 min (--shortest-trend): a run of 45 min", early.Sentence, StringComparison.Ordinal);

        // Asked to be content with less.
        SoakFinding asked = SoakVerdict.From(run.Plan with { ShortestTrendSeconds = 600 }, run.Samples(1)).Findings
            .Single(finding => finding.Criterion == "target_managed_memory");
        Assert.Equal(SoakOutcome.Fails, asked.Outcome);
        Assert.InRange(100, asked.Low!.Value, asked.High!.Value);
    }

    [Fact]
    public void The_slope_of_a_leak_lies_in_its_interval_and_what_does_not_leak_is_not_named()
    {
        // Of intervals of 99 % one may miss now and then.
        var run = new SimulatedRun { NativeLeak = 3 };
        Assert.InRange(Enumerable.Range(1, 12).Select(seed => Of(run, "target_native_memory", seed)).Count(found => found.Low > 3 || found.High < 3), 0, 1);
        SoakVerdict verdict = run.Verdict(seed: 1);
        Assert.NotEqual(SoakOutcome.Fails, verdict.Findings.Single(finding => finding.Criterion == "target_managed_memory").Outcome);
        Assert.Contains("native memory of the target grows: ", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sudden_rise_is_told_with_its_time()
    {
        SoakFinding native = Of(new SimulatedRun { Step = 60, StepAt = 15, Cycle = 0 }, "target_native_memory", seed: 2);
        Assert.Equal(SoakOutcome.Fails, native.Outcome);
        Assert.InRange((native.ChangedAt!.Value - SimulatedRun.Began).TotalHours, 14.8, 15.2);
    }

    [Fact]
    public void Garbage_that_gathers_for_an_hour_is_never_taken_for_a_leak()
    {
        SimulatedRun run = s_quiet with { Hours = 1.5, Garbage = 24, ToothHours = 1, CollectedEvery = 0, Configurations = 1 };
        Assert.All(Enumerable.Range(1, 8), seed => Assert.All(Enumerable.Range(0, 12), at =>
        {
            SoakVerdict verdict = run.VerdictAfter(seed, 35 + (5 * at));
            Assert.True(verdict.Outcome != SoakOutcome.Fails, verdict.Sentence);
        }));
    }

    [Fact]
    public void A_leak_amid_garbage_is_told_once_full_collections_were_seen_and_until_then_what_would_tell_is()
    {
        SimulatedRun run = s_quiet with { Garbage = 12, CollectedEvery = 0, ManagedLeak = 8 };
        Assert.All(Enumerable.Range(1, 4), seed =>
        {
            Assert.Equal(SoakOutcome.Fails, Of(run with { CollectedEvery = 2 }, "target_managed_memory", seed).Outcome);
            Assert.Equal(SoakOutcome.Fails, Of(run with { Hours = 24, ManagedLeak = 2 }, "target_managed_memory", seed).Outcome);
        });
        SoakFinding early = Of(run, "target_managed_memory", seed: 3);
        Assert.Equal(SoakOutcome.Inconclusive, early.Outcome);
        Assert.Matches(" MB in 1[0-9.]* min, garbage included: [0-9] full collections were seen after the warm-up, 20 all along would tell what is alive \\(--full-collections\\)$", early.Sentence);
        // None of it is garbage of the runtime's.
        Assert.Equal(SoakOutcome.Fails, Of(run with { ManagedLeak = 0, NativeLeak = 2 }, "target_native_memory", seed: 1).Outcome);
    }

    [Fact]
    public void A_growth_that_has_levelled_off_is_no_leak_and_a_leak_beside_it_is()
    {
        SimulatedRun run = s_quiet with { WarmUp = 12 };
        Assert.All(Enumerable.Range(1, 6), seed =>
        {
            Assert.NotEqual(SoakOutcome.Fails, Of(run, "target_native_memory", seed).Outcome);
            Assert.NotEqual(SoakOutcome.Fails, Of(run, "collector_memory", seed).Outcome);
            Assert.Equal(SoakOutcome.Fails, Of(run with { NativeLeak = 6 }, "target_native_memory", seed).Outcome);
        });
    }

    [Fact]
    public void A_runtime_that_does_not_tell_what_it_has_is_judged_by_what_full_collections_leave()
    {
        SimulatedRun run = s_quiet with { NativeLeak = 3 };
        SoakVerdict Older(SimulatedRun simulated) => SoakVerdict.From(simulated.Plan, [.. simulated.Samples(1).Select(sample => sample with { TargetCommitted = null })]);
        SoakOutcome Native(SimulatedRun simulated) => Older(simulated).Findings.Single(finding => finding.Criterion == "target_native_memory").Outcome;
        Assert.Equal(SoakOutcome.Fails, Native(run));
        Assert.NotEqual(SoakOutcome.Fails, Native(run with { CollectedEvery = 0, Garbage = 12 }));
    }

    [Fact]
    public void Few_samples_are_inconclusive_and_say_how_many_it_takes()
    {
        SoakFinding early = Of(new SimulatedRun { Hours = 0.2 }, "target_memory", seed: 1);
        Assert.Equal(SoakOutcome.Inconclusive, early.Outcome);
        Assert.Contains("a trend needs 20", early.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_samples_have_the_same_verdict()
    {
        var run = new SimulatedRun { NativeLeak = 0.6 };
        Assert.Equal(run.Verdict(7).Findings, run.Verdict(7).Findings);
    }

    [Fact]
    public void What_happened_is_counted()
    {
        SoakSample[] samples = [.. s_quiet.Samples(seed: 1)];
        samples[50] = samples[50] with { Restarts = 1, GapSeconds = 100, TargetResident = null };
        samples[60] = samples[60] with { Units = 0 };
        samples[61] = samples[61] with { Lost = 12, Incomplete = 900 };
        SoakVerdict verdict = SoakVerdict.From(s_quiet.Plan, [.. samples.Where((_, at) => at is < 70 or > 79)]);
        Assert.Equal(
            ["losses", "restarts", "stalls", "target_gaps"],
            verdict.Findings.Where(finding => finding.Outcome == SoakOutcome.Fails).Select(finding => finding.Criterion).Order());
        SoakFinding away = verdict.Findings.Single(finding => finding.Criterion == "observation_gaps");
        Assert.Equal((SoakOutcome.Inconclusive, "600 s of 7200 s without the collector"), (away.Outcome, away.Sentence));
    }

    [Fact]
    public void Reports_make_text_from_outside_harmless()
    {
        SoakPlan plan = s_quiet.Plan with { Target = "<script>a|b\n# c" };
        var report = new SoakReport(plan, s_quiet.Samples(seed: 1));
        Assert.DoesNotContain("<script>", report.ToHtml(), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", report.ToMarkdown(), StringComparison.Ordinal);
        Assert.Contains("a\\|b # c", report.ToMarkdown(), StringComparison.Ordinal);
        Assert.Contains("\"criterion\": \"target_memory\"", report.ToJson(), StringComparison.Ordinal);
    }

    private static SoakFinding Of(SimulatedRun run, string criterion, int seed) =>
        run.Verdict(seed).Findings.Single(finding => finding.Criterion == criterion);
}
