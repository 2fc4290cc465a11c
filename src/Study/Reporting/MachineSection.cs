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
                $"{machine.Cpu ?? "unknown CPU"}, {machine.Cores} CPUs, {machine.Threads} threads; caches L1d "
                + $"{NumberText.Bytes(machine.L1dBytes)}, L2 {NumberText.Bytes(machine.L2Bytes)}, L3 "
                + $"{NumberText.Bytes(machine.L3Bytes)}; memory {NumberText.Bytes(machine.MemoryBytes)}; cgroup limits "
                + $"{Limit(machine)}; kernel {machine.Kernel ?? NumberText.None}; governor "
                + $"{machine.Governor ?? NumberText.None}; libtorch {machine.Torch}, .NET {machine.Runtime ?? NumberText.None}; "
                + $"machine {machine.Id}.",
                $"Begun {results.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC, "
                + $"preset {run.Preset ?? "none"}, seed {run.Seed}, order {run.Order}, {run.Passes} complete passes. Each visit: warm-up "
                + $"{Warmup(run)}, then up to {run.Iterations} samples{Outputs(run.Outputs)}. "
                + $"Disturbances watched for: {Watched(run.Watched)}.",
                Roof(results.Limits),
            ],
        };
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
