using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Hosting;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>What the doctor finds out about one process.</summary>
internal static class TargetDiagnosis
{
    private static readonly TimeSpan SessionLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Watched = TimeSpan.FromMilliseconds(500);

    /// <summary>What holds a process back, and whether its runtime can really be listened to.</summary>
    /// <exception cref="UsageException">There is no such process.</exception>
    public static SourceDiagnosis Make(int process)
    {
        ProcessFacts facts = ProcessFacts.Read(process) ?? throw new UsageException(Refusal.NoProcess(process));
        KernelFinding[] findings = [Session(process), .. Scheduling(process), .. Machine()];
        return new SourceDiagnosis(
            "target", $"process {process}", findings.All(finding => finding.IsOk), $"{facts.Command}: what it may use, and what else takes time from it", findings);
    }

    /// <summary>Opens a session and ends it: sockets that are listed may still refuse.</summary>
    public static KernelFinding Session(int process)
    {
        string name = $"session on process {process}";
        try
        {
            return Task.Run(() => OpenSessionAsync(process)).Wait(SessionLimit)
                ? new KernelFinding(name, IsOk: true, "opened and closed again", "")
                : new KernelFinding(name, IsOk: false, $"no answer in {SessionLimit.TotalSeconds:0} s", "is the process stopped? kill -CONT resumes it");
        }
        catch (AggregateException refused)
        {
            return new KernelFinding(name, IsOk: false, SafeText.Line(refused.GetBaseException().Message), "see docs/attach.md");
        }
    }

    private static async Task OpenSessionAsync(int process)
    {
        var target = new AttachedProcess(process);
        await using (target.ConfigureAwait(false))
        {
            DiagnosticsClient client = await target.ConnectAsync(CancellationToken.None).ConfigureAwait(false);
            using EventPipeSession session = await client.StartEventPipeSessionAsync(
                [new EventPipeProvider(GroupEvents.Runtime, EventLevel.Informational, 1)], requestRundown: false, token: CancellationToken.None).ConfigureAwait(false);
            // It ends only when what is left has been read.
            Task reading = session.EventStream.CopyToAsync(Stream.Null);
            await session.StopAsync(CancellationToken.None).ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }
    }

    private static IEnumerable<KernelFinding> Scheduling(int process)
    {
        if (!ThreadScheduling.TryRead(process, process, out ThreadScheduling scheduling)) yield break;
        IReadOnlyList<CpuBandwidth> groups = CpuBandwidth.Read(process);
        var limits = new TargetLimits(scheduling, Math.Max(1, OnlineCpus.Read().Length), groups.Count == 0 ? null : groups.Min(group => group.Cpus));
        yield return new KernelFinding(
            "priority", !limits.IsLowPriority, scheduling.InWords, "others run first; renice -n 0 -p, chrt --other");
        yield return new KernelFinding(
            "affinity", !limits.IsPinned, $"{scheduling.AllowedCpus} of {limits.OnlineCpus} CPUs", "taskset -p or the cpuset of its group widens it");
        yield return new KernelFinding(
            "CPU quota",
            limits.QuotaCpus is null,
            limits.QuotaCpus is { } cpus ? string.Create(CultureInfo.InvariantCulture, $"{cpus:0.##} CPUs, of {string.Join(" and ", groups.Select(group => group.Directory))}") : "none",
            "cpu.max of the group raises it");
    }

    /// <summary>Growth over half a second: enough to say that something is wrong now.</summary>
    private static IEnumerable<KernelFinding> Machine()
    {
        (long Stolen, long[] Stalled) before = ReadMachine();
        Task.Delay(Watched).Wait();
        (long Stolen, long[] Stalled) after = ReadMachine();
        double stolen = (after.Stolen - before.Stolen) / (Watched.TotalNanoseconds * Math.Max(1, OnlineCpus.Read().Length));
        yield return new KernelFinding("steal", stolen < 0.02, $"{CauseText.Percent(stolen)} of CPU time in the last half second", "the hypervisor runs other guests on these CPUs; use dedicated ones");
        for (int i = 0; i < PressureStall.Resources.Count; i++)
        {
            double stalled = (after.Stalled[i] - before.Stalled[i]) * 1e3 / Watched.TotalNanoseconds;
            yield return new KernelFinding(
                $"pressure of {PressureStall.Resources[i]}", stalled < 0.2, $"some work stalled for {CauseText.Percent(stalled)} of the last half second", "find out what else uses it");
        }
    }

    private static (long Stolen, long[] Stalled) ReadMachine() => (
        StolenTime.TryRead(out StolenTimes stolen) ? stolen.Total : 0,
        [.. PressureStall.Resources.Select(resource => PressureStall.TryRead(resource, out PressureTotals totals) ? totals.SomeMicroseconds : 0)]);
}
