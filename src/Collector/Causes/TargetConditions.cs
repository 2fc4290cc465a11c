using System.Runtime;
using System.Runtime.InteropServices;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>What holds the target back without showing in its switches: asked of the kernel again and again.</summary>
/// <remarks>
/// The kernel books throttled time when it ends, so a growth of it is the stretch of time before the look that saw it. A
/// group with a quota is looked at every 10 ms, a tenth of the usual period, and everything else ten times a second; so the files
/// stay open.
/// </remarks>
internal sealed class TargetConditions : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(100);
    private static readonly Duration LimitsInterval = Duration.FromMilliseconds(1000);
    private readonly int _process;
    private readonly CounterFile? _stat = CounterFile.Open("/proc/stat");
    private readonly CounterFile? _memory = CounterFile.Open("/proc/pressure/memory");
    private readonly CounterFile? _io = CounterFile.Open("/proc/pressure/io");
    private readonly CounterFile? _state;
    private readonly Dictionary<string, QuotaCounts> _quotas = [];
    private IReadOnlyList<CpuBandwidth> _groups = [];
    private Timestamp _throttledTo = Timestamp.Zero;
    private Timestamp _limitsAt = Timestamp.Zero;
    private Timestamp _countsAt = Timestamp.Zero;
    private Timestamp _lookedAt = Timestamp.Zero;
    private (long Stolen, long Memory, long Io) _counts;
    private long _throttledTotal = -1;
    private volatile int _driver;
    private volatile TargetLimits _limits = TargetLimits.None;

    /// <param name="process">The target.</param>
    public TargetConditions(int process)
    {
        _process = process;
        _driver = process;
        _state = CounterFile.Open($"/proc/{process}/stat");
    }

    /// <summary>When the quota of its group, or of one above it, was used up.</summary>
    public IntervalLog<string> Throttled { get; } = new();

    /// <summary>Time that the hypervisor took, as a share of all CPUs.</summary>
    public IntervalLog<bool> Stolen { get; } = new();

    /// <summary>Time in which some work of the machine stalled for memory.</summary>
    public IntervalLog<bool> MemoryStalled { get; } = new();

    /// <summary>Time in which some work of the machine stalled for a disk.</summary>
    public IntervalLog<bool> IoStalled { get; } = new();

    /// <summary>Time in which the target was stopped by a signal or a debugger.</summary>
    public IntervalLog<bool> Stopped { get; } = new();

    /// <summary>When the observer itself was still starting.</summary>
    public ObserverStart Start { get; } = new();

    /// <summary>What the target may use.</summary>
    public TargetLimits Limits => _limits;

    /// <summary>How long the quota nearest to the target has held its group back since the group was made, in nanoseconds; null where there is no quota.</summary>
    public long? ThrottledTotal => Interlocked.Read(ref _throttledTotal) is >= 0 and var total ? total : null;

    /// <summary>Threads may have masks and priorities of their own: the thread that drives units is the one to ask.</summary>
    public void Watch(int driver) => _driver = driver;

    /// <summary>Looks now, and again and again once the looks begin.</summary>
    public void Begin(TargetLooks looks)
    {
        Look();
        looks.Every(() => _groups.Count > 0 ? Short : Long, Look, "what holds the target back from outside is not looked at any more");
    }

    /// <summary>Closes the files; no look may be under way.</summary>
    public void Dispose()
    {
        foreach (CounterFile? file in _quotas.Values.Select(quota => quota.File).Append(_stat).Append(_memory).Append(_io).Append(_state)) file?.Dispose();
    }

    private void Look()
    {
        var now = new Timestamp(MonotonicClock.NowNanoseconds());
        if (_limitsAt == Timestamp.Zero || now - _limitsAt >= LimitsInterval) LookAtLimits(now);
        foreach (CpuBandwidth group in _groups) LookAtQuota(group, now);
        Start.Watch(now, JitInfo.GetCompilationTime(currentThread: false));
        if (_countsAt == Timestamp.Zero || (now - _countsAt).Nanoseconds >= Long.TotalNanoseconds) LookAtCounts(now);
        LookAtState(now);
    }

    private void LookAtState(Timestamp now)
    {
        if (_lookedAt != Timestamp.Zero && _state is not null && ThreadDirectory.IsStopped(_state)) Stopped.Add(_lookedAt, now, true);
        _lookedAt = now;
    }

    private void LookAtLimits(Timestamp now)
    {
        _limitsAt = now;
        _groups = CpuBandwidth.Read(_process);
        if (!ThreadScheduling.TryRead(_process, _driver, out ThreadScheduling scheduling)
            && !ThreadScheduling.TryRead(_process, _process, out scheduling)) return;
        _limits = new TargetLimits(
            scheduling, OnlineCpus.TryRead(out int[] cpus) ? cpus.Length : 0, _groups.Count == 0 ? null : _groups.Min(group => group.Cpus));
    }

    private void LookAtQuota(CpuBandwidth group, Timestamp now)
    {
        QuotaCounts quota = CollectionsMarshal.GetValueRefOrAddDefault(_quotas, group.Directory, out _) ??= new QuotaCounts(group.OpenCounts());
        if (quota.File is null || CgroupThrottling.ReadThrottled(quota.File) is not { } throttled) return;
        if (quota.Throttled is { } before && throttled > before)
        {
            // Summed over CPUs: of two that are held back at the same time, each adds as much. But it cannot have begun
            // before the time that was booked last.
            Timestamp began = Timestamp.Later(now - new Duration(throttled - before), _throttledTo);
            Throttled.Add(began, now, group.Directory);
            _throttledTo = now;
        }

        quota.Throttled = throttled;
        if (group == _groups[0]) Interlocked.Exchange(ref _throttledTotal, throttled);
    }

    private void LookAtCounts(Timestamp now)
    {
        long stolen = _stat is null ? 0 : StolenTime.ReadTotal(_stat) ?? 0;
        long memory = SomeOf(_memory), io = SomeOf(_io);
        if (_countsAt != Timestamp.Zero)
        {
            double length = (now - _countsAt).Nanoseconds;
            Add(Stolen, (stolen - _counts.Stolen) / Math.Max(1, _limits.OnlineCpus), length, now);
            Add(MemoryStalled, memory - _counts.Memory, length, now);
            Add(IoStalled, io - _counts.Io, length, now);
        }

        (_counts, _countsAt) = ((stolen, memory, io), now);
    }

    private static long SomeOf(CounterFile? pressure) => pressure is null ? 0 : (PressureStall.ReadSome(pressure) ?? 0) * 1000;

    private void Add(IntervalLog<bool> log, long growth, double length, Timestamp now)
    {
        if (growth > 0) log.Add(_countsAt, now, true, Math.Min(1, growth / length));
    }

    /// <summary>What a group with a quota counts.</summary>
    private sealed class QuotaCounts(CounterFile? file)
    {
        public CounterFile? File => file;

        /// <summary>Nanoseconds at the last look; null before the first.</summary>
        public long? Throttled { get; set; }
    }
}

/// <summary>What the target may use of the machine.</summary>
/// <param name="Scheduling">Of the thread that drives units, or else of the main thread.</param>
/// <param name="OnlineCpus">CPUs of the machine.</param>
/// <param name="QuotaCpus">CPUs' worth of time of the tightest quota above it; null where there is none.</param>
internal sealed record TargetLimits(ThreadScheduling Scheduling, int OnlineCpus, double? QuotaCpus)
{
    /// <summary>Nothing is known yet.</summary>
    public static readonly TargetLimits None = new(new ThreadScheduling(0, 0, 0), 0, null);

    /// <summary>True when it may use some of the CPUs only.</summary>
    public bool IsPinned => Scheduling.AllowedCpus > 0 && Scheduling.AllowedCpus < OnlineCpus;

    /// <summary>True when the kernel was told to let others go first.</summary>
    public bool IsLowPriority => Scheduling.Policy is 3 or 5 || (Scheduling.Policy == 0 && Scheduling.Nice >= 5);
}
