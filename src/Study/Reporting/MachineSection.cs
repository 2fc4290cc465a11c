using System.Globalization;

namespace Observatory.Study;

/// <summary>Where and how a run was made.</summary>
internal static class MachineSection
{
    public static Section Create(StudyResults results)
    {
        MachineFingerprint machine = results.Machine;
        RunSettings run = results.Run;
        return new Section("Machine and run")
        {
            Text =
            [
                $"{machine.Cpu ?? "unknown CPU"}, {NumberText.Plural(machine.Cores, "CPU")}, {NumberText.Plural(machine.Threads, "thread")}; caches L1d "
                + $"{NumberText.Bytes(machine.L1dBytes)}, L2 {NumberText.Bytes(machine.L2Bytes)}, L3 "
                + $"{NumberText.Bytes(machine.L3Bytes)}; memory {NumberText.Bytes(machine.MemoryBytes)}; cgroup limits "
                + $"{Limit(machine)}; kernel {machine.Kernel ?? NumberText.None}; governor "
                + $"{machine.Governor ?? NumberText.None}; libtorch {machine.Torch}, .NET {machine.Runtime ?? NumberText.None}; "
                + $"machine {machine.Id}.",
                $"Begun {results.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC, "
                + $"preset {run.Preset ?? "none"}, seed {run.Seed}, order {run.Order}, {NumberText.Plural((int)Math.Min(run.Passes, int.MaxValue), "complete pass", "complete passes")}. Each visit: warm-up "
                + $"{Warmup(run)}, then up to {NumberText.Plural(run.Iterations, "sample")}{Outputs(run.Outputs)}. "
                + $"Disturbances watched for: {Watched(run.Watched)}.",
                Roof(results.Limits),
            ],
        };
    }

    /// <summary>What must be known before any conclusion: disturbances, load, limits and threads that do not fit.</summary>
    public static IEnumerable<string> Warnings(StudyFindings findings)
    {
        yield return Disturbed(findings);
        MachineFingerprint machine = findings.Results.Machine;
        SampleSeries[] measured = [.. findings.Configurations.Select(item => item.Series).Where(series => series.Count > 0)];
        if (SpeedSteps.Find(measured) is { } step)
        {
            yield return $"The machine stepped between two speeds that last, {NumberText.Digits(step)} times apart, in "
                + $"{NumberText.Plural(measured.Count(series => series.IsOfLastingModes), "configuration")} of {measured.Length}: those have no interval, and medians of "
                + "the others may be of one speed by luck. Fix the frequency (governor performance), or stop what comes and goes.";
        }

        if (measured.FirstOrDefault(series => series.HasVisits) is { VisitDependence: { IsClear: true } dependence })
        {
            int visits = (int)Quantiles.At([.. measured.Select(series => (double)series.Visits.Count).Order()], 0.5);
            yield return $"A visit is like the one before it: {visits} visits are worth {NumberText.Digits(dependence.Worth(visits))}, and "
                + (dependence.Worth(visits) < VisitDependence.LeastWorth
                    ? $"below {VisitDependence.LeastWorth} there is no interval. Measure over a longer time."
                    : "intervals are as wide as of so many.");
        }

        if (findings.Results.Limits is { GemmFlopsPerSecond: { } product, FmaFlopsPerSecond: { } multiplyAdds }
            && (product < 0.6 * multiplyAdds || product > 1.2 * multiplyAdds))
        {
            yield return $"The limits of the machine contradict each other: a matrix product reached {NumberText.Percent(product / multiplyAdds)} of what "
                + "fused multiply-adds did. Something else ran while they were measured, or a quota did; shares of the roofline are doubtful.";
        }

        double cpus = Math.Min(machine.Cores, machine.CgroupCpus ?? machine.Cores);
        int[] excess = [.. findings.Configurations.Select(item => item.Key.Threads).Distinct().Where(threads => threads > cpus).Order()];
        if (excess.Length > 0)
        {
            yield return $"{string.Join(" and ", excess)} threads are more than the {NumberText.Digits(cpus)} CPUs that the process may use: they wait for "
                + "each other, and latencies show that.";
        }
    }

    private static string Disturbed(StudyFindings findings)
    {
        Disturbance all = findings.Disturbance;
        string load = findings.Results.Run.LoadBefore is { } before
            ? $" Load average before the run: {before.ToString("0.00", CultureInfo.InvariantCulture)}."
            : "";
        if (all.Share is null) return "Disturbances were not watched for, so whether samples were disturbed is unknown." + load;
        string text = all.Text();
        if (all.IsTooMuch)
        {
            double[] shares = [.. findings.Configurations.Select(item => item.DisturbedShare).OfType<double>()];
            text = $"This run was too disturbed for conclusions about latency: {text} By configuration: "
                + $"{NumberText.Range(shares, value => NumberText.Percent(value))}. Stop what else runs on the machine, or use fewer threads, and sweep again.";
        }

        return text + load;
    }

    private static string Warmup(RunSettings run) => run.WarmupStable
        ? "until iterations stop becoming faster"
        : $"of {run.Warmup} {(run.Warmup == 1 ? "iteration" : "iterations")}";

    private static string Outputs(string? outputs) => outputs switch
    {
        null => "",
        "fresh" => "; each iteration allocates its output",
        _ => "; outputs are written to memory that is there already",
    };

    private static string Limit(MachineFingerprint machine)
    {
        string cpus = machine.CgroupCpus is { } quota ? $"{NumberText.Digits(quota)} CPUs" : "no CPU quota";
        string memory = machine.CgroupMemoryBytes is { } bytes ? NumberText.Bytes(bytes) : "no memory limit";
        return $"{cpus}, {memory}";
    }

    private static string Watched(Disturbances watched) => watched == Disturbances.None
        ? "nothing, so whether samples were disturbed is unknown"
        : watched.ToString().ToLowerInvariant().Replace("gc", "garbage collection").Replace("preempted", "waiting for a CPU");

    private static string Roof(MachineLimits? limits) => limits is null
        ? "What the machine can do at most was not measured, so shares of the roofline are n/a."
        : $"At most, as measured before the run: matrix product {NumberText.Count(limits.GemmFlopsPerSecond)}FLOP/s, fused multiply-adds "
            + $"{NumberText.Count(limits.FmaFlopsPerSecond)}FLOP/s, memory {NumberText.Count(limits.BandwidthBytesPerSecond)}B/s.";
}
