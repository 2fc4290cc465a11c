using System.Text.Json.Serialization;
using System.Text.Json;
using Observatory.Hosting;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>What each source can see on this machine with the rights of this process.</summary>
/// <param name="Sources">Every source.</param>
internal sealed record Diagnosis(IReadOnlyList<SourceDiagnosis> Sources)
{
    /// <summary>True when every source has its highest tier.</summary>
    public bool IsFull => Sources.All(source => source.IsFull);

    /// <summary>Tries everything once.</summary>
    /// <param name="target">A process to look at as well; null for none.</param>
    public static Diagnosis Make(int? target = null)
    {
        KernelProbeResult kernel = KernelProbe.Probe(
            new KernelProbeOptions { Recording = RingBudget.ForThisMachine() });
        KernelFinding? session = Session();
        KernelFinding procFs = kernel.Findings.Single(finding => finding.Name == KernelAspects.ProcFs);
        return new Diagnosis(
        [
            new SourceDiagnosis("runtime", Tiers.EventPipe, session?.IsOk ?? true, Runtime(), [EventPipe(), .. session is null ? (KernelFinding[])[] : [session], TemporaryFolder(), OpenFiles(), Threads()]),
            new SourceDiagnosis("kernel", Tiers.NameOf(kernel.Tier), kernel.Tier == KernelTier.Kernel, Kernel(kernel), [.. kernel.Findings.Where(finding => finding.Name != KernelAspects.Pressure), .. WakeUps(kernel)]),
            new SourceDiagnosis("procfs", procFs.IsOk ? Tiers.ProcFs : Tiers.None, procFs.IsOk, "context switches, page faults, CPU quota and memory of the target", [procFs, kernel.Findings.Single(finding => finding.Name == KernelAspects.Pressure)]),
            .. target is { } process ? (SourceDiagnosis[])[TargetDiagnosis.Make(process)] : [],
        ]);
    }

    private static string Runtime() => "iterations and suspensions of a .NET process of this user (of any user for root)";

    private static KernelFinding EventPipe() => new(
        "diagnostics sockets",
        IsOk: true,
        $"{Candidates.List().Count} other .NET processes offer one",
        "");

    /// <summary>One of the listed processes is really asked for a session; that a socket is there proves little.</summary>
    private static KernelFinding? Session()
    {
        uint own = ProcessFacts.Read(Environment.ProcessId)?.UserId ?? 0;
        // Those of other users are open to root only.
        Candidate? candidate = Candidates.List().FirstOrDefault(candidate => own == 0 || candidate.Process.UserId == own);
        return candidate is null ? null : TargetDiagnosis.Session(candidate.Process.Id);
    }

    /// <summary>The default command needs a folder for the socket that the workload connects to.</summary>
    private static KernelFinding TemporaryFolder()
    {
        string folder = Path.GetTempPath();
        string? problem = PortPath.Problem(Path.Combine(folder, $"observatory-{Guid.Empty:N}.sock"));
        return new KernelFinding(
            "temporary folder",
            problem is null,
            problem is null ? $"a socket can be opened in {folder}" : $"a socket in {folder} {problem}: no workload can be started",
            problem is null ? "" : "set TMPDIR to a short path of a folder that exists and can be written, like /tmp");
    }

    /// <summary>Every record of every CPU, and of every thread of the target, comes from a descriptor.</summary>
    private static KernelFinding OpenFiles()
    {
        const long manyThreads = 2000;
        int cpus = OnlineCpus.TryRead(out int[] online) ? online.Length : Environment.ProcessorCount;
        (long ofCpu, long beside, long ofThread) = (
            RecordingOpener.OfCpus.MostDescriptorsPerCpu, RecordingOpener.BesideCpus.DescriptorsPerThread, RecordingOpener.OfThreads.DescriptorsPerThread);
        long needed = ResourceLimits.LeastOpenFiles + Math.Max((ofCpu * cpus) + (beside * manyThreads), ofThread * manyThreads);
        long limit = ResourceLimits.Read().OpenFiles;
        string has = limit == long.MaxValue ? "no limit" : $"{limit}";
        return new KernelFinding(
            "open files",
            limit >= needed,
            $"{has}; tier kernel takes {ofCpu} for each of {cpus} CPUs and {beside} for each thread of the target, tier thread {ofThread} for each thread ({ofThread * manyThreads} for {manyThreads})",
            limit >= needed ? "" : $"raise the limit before the start: `ulimit -n {needed}`");
    }

    /// <summary>The collector's own threads; a user at the limit cannot start it, or stops it half-way.</summary>
    private static KernelFinding Threads()
    {
        const long needed = 64;
        bool isRoot = Environment.IsPrivilegedProcess;
        long limit = ResourceLimits.Read().Threads;
        bool isEnough = isRoot || limit >= needed;
        string has = isRoot || limit == long.MaxValue ? "no limit" : $"{limit} for all processes of this user";
        return new KernelFinding(
            "threads",
            isEnough,
            $"{has}; the collector takes some twenty",
            isEnough ? "" : $"raise the limit before the start: `ulimit -u {needed}` or more");
    }

    /// <summary>Only the highest tier sees wake-ups.</summary>
    private static IEnumerable<KernelFinding> WakeUps(KernelProbeResult kernel)
    {
        if (kernel.Tier != KernelTier.Kernel) return [];
        try
        {
            return [WakeUpTrial.Describe(WakeUpTrial.Run())];
        }
        catch (KernelAccessException refused)
        {
            return [new KernelFinding("wake-ups", IsOk: false, refused.Message, refused.Remedy)];
        }
    }

    private static string Kernel(KernelProbeResult kernel) => kernel.Tier switch
    {
        KernelTier.Kernel => "every context switch and wake-up: the full account",
        KernelTier.Thread => "context switches of the target's threads: running, preempted, blocked; "
            + "and waking, where the target tells its own counters",
        KernelTier.ProcFs => "no event, but totals for each iteration: running, preempted with waking in it, blocked, "
            + "where the target tells its own counters",
        _ => "accounts stay unknown outside gc",
    };
}

/// <summary>One source as the doctor found it.</summary>
/// <param name="Name">The source.</param>
/// <param name="Tier">The tier it would run at.</param>
/// <param name="IsFull">True when that is the highest there is.</param>
/// <param name="Meaning">What that tier shows, or fails to show.</param>
/// <param name="Findings">What was tried.</param>
internal sealed record SourceDiagnosis(
    string Name, string Tier, bool IsFull, string Meaning, IReadOnlyList<KernelFinding> Findings);

/// <summary>Prints the diagnosis.</summary>
internal static class DoctorReport
{
    /// <param name="json">As one JSON object.</param>
    /// <param name="target">A process to look at as well; null for none.</param>
    /// <returns><see cref="ExitCodes.Done"/> when every source has its highest tier, else <see cref="ExitCodes.Finding"/>.</returns>
    public static int Print(bool json, int? target = null)
    {
        Diagnosis diagnosis = Diagnosis.Make(target);
        if (json) Console.WriteLine(JsonSerializer.Serialize(diagnosis, DoctorJsonContext.Default.Diagnosis));
        else Print(diagnosis.Sources);
        return diagnosis.IsFull ? ExitCodes.Done : ExitCodes.Finding;
    }

    private static void Print(IReadOnlyList<SourceDiagnosis> sources)
    {
        // One width for all sources: the reasons stand below one another.
        int width = sources.SelectMany(source => source.Findings).Max(finding => finding.Name.Length);
        foreach (SourceDiagnosis source in sources)
        {
            Console.WriteLine($"{source.Name}: tier {source.Tier}, {source.Meaning}");
            Print(source.Findings, width);
            Console.WriteLine();
        }
    }

    private static void Print(IReadOnlyList<KernelFinding> findings, int width)
    {
        Dictionary<string, string> said = [];
        foreach (KernelFinding finding in findings)
        {
            Console.WriteLine($"  {(finding.IsOk ? "ok     " : "missing")}  {finding.Name.PadRight(width)}  {finding.Reason}");
            if (finding.IsOk || finding.Remedy.Length == 0) continue;
            string remedy = said.TryAdd(finding.Remedy, finding.Name) ? finding.Remedy : $"as for {said[finding.Remedy]}";
            Console.WriteLine($"{new string(' ', width + 13)}-> {remedy}");
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(Diagnosis))]
internal sealed partial class DoctorJsonContext : JsonSerializerContext;
