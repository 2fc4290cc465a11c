using System.Globalization;
using Observatory.Soak;
using Observatory.Soak.Tests;

// How often the verdict of a soak test is wrong, and what it finds, on simulated runs of which the truth is known.
// Usage: dotnet run -c Release --project benchmarks/soak [RUNS [FIRST-SEED [PART-OF-A-NAME]]]
// A third argument is a part of the names of those that are wanted.
int runs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1000;
int seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1;
string wanted = args.Length > 2 ? args[2] : "";
var quiet = new SimulatedRun { Hours = 2, Dependence = 0.5, LatencyNoise = 0.5, MemoryNoise = 0.3, Cycle = 0 };

Console.WriteLine("| simulated | runs | criterion | fails | inconclusive | holds |");
Console.WriteLine("|---|---:|---|---:|---:|---:|");
foreach (double dependence in (double[])[0, 0.5, 0.9])
{
    Tell($"clean day, lag-1 {dependence}, cycle 2", new SimulatedRun { Dependence = dependence }, "any");
    Tell($"clean day, lag-1 {dependence}, no cycle", new SimulatedRun { Dependence = dependence, Cycle = 0 }, "any");
}

Tell("clean day, 32 configurations, lag-1 0.9, cycle 2", new SimulatedRun { Configurations = 32 }, "any");
Tell("clean day, 32 configurations, lag-1 0.5, no cycle", new SimulatedRun { Configurations = 32, Dependence = 0.5, Cycle = 0 }, "any");
Tell("2 h, nothing, little noise", quiet, "any");
Tell("2 h, nothing, noise 2 with lag-1 0.9", new SimulatedRun { Hours = 2, Cycle = 0 }, "any");
Tell("2 h, nothing, 100 configurations, noise 2 % with lag-1 0.9", new SimulatedRun { Hours = 2, Configurations = 100, Cycle = 0 }, LatencyCriterion.Name);
Tell("2 h, one of 20 configurations slows by 2 %/h", quiet with { Configurations = 20, LastSlowsDown = 2 }, LatencyCriterion.Name);
Tell("2 h, managed leak 1 MB/h", quiet with { ManagedLeak = 1 }, "target_managed_memory");
Tell("2 h, native leak 1 MB/h", quiet with { NativeLeak = 1 }, "target_native_memory");
Tell("2 h, slow-down 1 %/h", quiet with { SlowDown = 1 }, "latency");
Tell("2 h, 60 handles/h", quiet with { HandleLeak = 60 }, "target_handles");
Tell("2 h, managed leak 1 MB/h, noise 2 MB with lag-1 0.9", quiet with { ManagedLeak = 1, MemoryNoise = 2, Dependence = 0.9 }, "target_managed_memory");
Tell("2 h, slow-down 1 %/h, noise 2 % with lag-1 0.9", quiet with { SlowDown = 1, LatencyNoise = 2, Dependence = 0.9 }, "latency");
SimulatedRun garbage = quiet with { Hours = 1, Garbage = 12, CollectedEvery = 0 };
Tell("1 h, nothing, 24 MB of garbage that goes every hour", garbage with { Garbage = 24, ToothHours = 1 }, "any");
Tell("1 h, nothing, 12 MB of garbage that goes every half an hour", garbage, "any");
Tell("45 min, nothing, 24 MB of garbage that goes every hour", garbage with { Hours = 0.75, Garbage = 24, ToothHours = 1 }, "any");
Tell("2 h, nothing, the same garbage", garbage with { Hours = 2 }, "any");
Tell("2 h, managed leak 1 MB/h, the same garbage", garbage with { Hours = 2, ManagedLeak = 1 }, "target_managed_memory");
Tell("2 h, managed leak 1 MB/h, the same garbage, --full-collections 2m", garbage with { Hours = 2, ManagedLeak = 1, CollectedEvery = 2 }, "target_managed_memory");
Tell("2 h, native leak 1 MB/h, the same garbage", garbage with { Hours = 2, NativeLeak = 1 }, "target_native_memory");
Tell("24 h, managed leak 1 MB/h, the same garbage", garbage with { Hours = 24, ManagedLeak = 1 }, "target_managed_memory");
Tell("1 h, nothing but 12 MB that come in the beginning", quiet with { Hours = 1, WarmUp = 12, WarmUpHours = 0.2 }, "any");
Tell("24 h, managed leak 1 MB/h", new SimulatedRun { ManagedLeak = 1 }, "target_managed_memory");
Tell("24 h, slow-down 1 %/h", new SimulatedRun { SlowDown = 1 }, "latency");
Tell("24 h, native step of 20 MB", new SimulatedRun { Step = 20 }, "target_native_memory");

void Tell(string name, SimulatedRun run, string criterion)
{
    if (!name.Contains(wanted, StringComparison.Ordinal)) return;
    int[] outcomes = new int[3];
    Parallel.For(seed, seed + runs, each =>
    {
        IReadOnlyList<SoakFinding> findings = run.Verdict(each).Findings;
        SoakOutcome outcome = criterion == "any" ? findings.Max(finding => finding.Outcome) : findings.Single(finding => finding.Criterion == criterion).Outcome;
        Interlocked.Increment(ref outcomes[(int)outcome]);
    });
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {runs} | {criterion} | {Share(SoakOutcome.Fails)} | {Share(SoakOutcome.Inconclusive)} | {Share(SoakOutcome.Holds)} |"));

    string Share(SoakOutcome outcome) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * outcomes[(int)outcome] / runs:0.0} %");
}
