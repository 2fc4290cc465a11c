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

/// <summary>Tests that record the real machine: one at a time, so that one's load is not another's loss.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealKernel
{
    public const string Name = "real kernel";

    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly Lazy<KernelProbeResult> Probed = new(() => KernelProbe.Probe());

    public static void NeedsKernelTier()
    {
        if (Probed.Value.Tier == KernelTier.Kernel) return;
        KernelFinding missing = Probed.Value.Findings
            .First(finding => !finding.IsOk && finding.Name != KernelAspects.Paranoid);
        Assert.Skip($"needs {missing.Name}: {missing.Reason}; {missing.Remedy}");
    }

    public static int OpenPerfEvents() =>
        Directory.EnumerateFiles("/proc/self/fd")
            .Count(path => new FileInfo(path).LinkTarget == "anon_inode:[perf_event]");
}

/// <summary>Two threads that wake each other in turn until disposed.</summary>
internal sealed class PingPong : IDisposable
{
    private readonly AutoResetEvent _toFirst = new(false);
    private readonly AutoResetEvent _toSecond = new(true);
    private readonly CountdownEvent _started = new(2);
    private readonly Thread _first;
    private readonly Thread _second;
    private volatile bool _isEnding;
    private int _rounds;

    /// <param name="firstCpu">Where the first one runs; null for anywhere.</param>
    /// <param name="secondCpu">Where the second one runs.</param>
    public PingPong(int? firstCpu = null, int? secondCpu = null)
    {
        _first = new Thread(() => Run(firstCpu, id => FirstId = id, _toFirst, _toSecond));
        _second = new Thread(() => Run(secondCpu, id => SecondId = id, _toSecond, _toFirst));
        _first.Start();
        _second.Start();
        _started.Wait();
    }

    public int FirstId { get; private set; }

    public int SecondId { get; private set; }

    /// <summary>How often each has woken the other.</summary>
    public int Rounds => Volatile.Read(ref _rounds) / 2;

    public void Dispose()
    {
        _isEnding = true;
        _first.Join();
        _second.Join();
        _toFirst.Dispose();
        _toSecond.Dispose();
        _started.Dispose();
    }

    private void Run(int? cpu, Action<int> report, AutoResetEvent own, AutoResetEvent other)
    {
        if (cpu is { } only) Assert.True(CallingThread.TryPin(only));
        report(CallingThread.Id);
        _started.Signal();
        while (!_isEnding)
        {
            own.WaitOne();
            other.Set();
            Interlocked.Increment(ref _rounds);
        }

        other.Set();
    }
}
