using System.Diagnostics;

namespace Observatory.Kernel.Tests;

/// <summary>Keeps every record, and drains until a condition holds.</summary>
internal sealed class RecordLog : ISchedulerRecordHandler
{
    public List<SwitchRecord> Switches { get; } = [];

    public List<WakingRecord> Wakings { get; } = [];

    public List<LostRecord> Losses { get; } = [];

    public List<CommRecord> Names { get; } = [];

    public List<ForkRecord> Forks { get; } = [];

    public List<ExitRecord> Exits { get; } = [];

    public List<PageFaultsRecord> Faults { get; } = [];

    /// <summary>Each CPU's records in the order of arrival; a loss as a null.</summary>
    public Dictionary<int, List<SwitchRecord?>> Chains { get; } = [];

    public Dictionary<int, List<long>> Times { get; } = [];

    public void DrainUntil(ISchedulerRecording recording, Func<bool> condition)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < RealKernel.Limit, "the condition did not come true");
            recording.Wait(TimeSpan.FromMilliseconds(10));
            recording.Drain(this);
        }
    }

    public long LostOf(int threadId) => Losses.Where(loss => loss.ThreadId == threadId).Sum(loss => loss.Count);

    public void OnSwitch(in SwitchRecord r)
    {
        Switches.Add(r);
        Of(Chains, r.Cpu).Add(r);
        Of(Times, r.Cpu).Add(r.Time);
    }

    public void OnWaking(in WakingRecord r)
    {
        Wakings.Add(r);
        Of(Times, r.Cpu).Add(r.Time);
    }

    public void OnLost(in LostRecord r)
    {
        Losses.Add(r);
        Of(Chains, r.Cpu).Add(null);
        Of(Times, r.Cpu).Add(r.Time);
    }

    public void OnComm(in CommRecord r) => Names.Add(r);

    public void OnFork(in ForkRecord r) => Forks.Add(r);

    public void OnExit(in ExitRecord r) => Exits.Add(r);

    public void OnPageFaults(in PageFaultsRecord r) => Faults.Add(r);

    private static List<T> Of<T>(Dictionary<int, List<T>> byCpu, int cpu)
    {
        if (!byCpu.TryGetValue(cpu, out List<T>? list)) byCpu[cpu] = list = [];
        return list;
    }
}
