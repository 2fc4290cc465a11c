using System.Globalization;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>
/// Finds out of which CPUs the kernel does not record the wake-ups: a thread on each of them sleeps and sleeps again, and its
/// sleeps are compared with the wake-ups that were recorded.
/// </summary>
/// <remarks>
/// Where records of a CPU's idle task are missing, those of its timers are among them. Switches are complete, so that the
/// end of such a sleep is known all the same; docs/accuracy.md says what becomes of it. A CPU that others keep busy has no idle
/// task to lose records of: it passes, and may lose them when it is idle.
/// </remarks>
internal static class WakeUpTrial
{
    private const int Sleeps = 40;
    private static readonly TimeSpan Sleep = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Tries all CPUs at once; some 0.1 s.</summary>
    /// <returns>Ascending; without those that this process may not run on, and of which something was lost.</returns>
    /// <exception cref="KernelAccessException">The kernel records nothing for us.</exception>
    public static IReadOnlyList<CpuWakeUps> Run()
    {
        using SchedulerRecording recording = SchedulerRecording.Open(new() { RingBytesPerCpu = 512 * 1024, Names = false });
        Sleeper[] sleepers = [.. recording.Cpus.Select(cpu => new Sleeper(cpu))];
        recording.Enable();
        foreach (Sleeper sleeper in sleepers) sleeper.Start();
        var log = new Log();
        do recording.Drain(log);
        while (!sleepers.All(sleeper => sleeper.Ended.Wait(Sleep)) && log.Elapsed < Limit);
        recording.Drain(log);
        return [.. sleepers.Where(sleeper => sleeper.IsPinned).Select(sleeper => log.Count(sleeper.Cpu, sleeper.ThreadId)).OfType<CpuWakeUps>()];
    }

    /// <summary>As a line of the doctor.</summary>
    public static KernelFinding Describe(IReadOnlyList<CpuWakeUps> cpus)
    {
        CpuWakeUps[] losing = [.. cpus.Where(cpu => cpu.IsLosing)];
        if (losing.Length == 0) return new KernelFinding("wake-ups", IsOk: true, $"recorded on all {cpus.Count} CPUs that were tried", "");
        string counts = string.Join(", ", losing.Select(cpu => string.Create(CultureInfo.InvariantCulture, $"CPU {cpu.Cpu}: {cpu.Recorded} of {cpu.Ended}")));
        return new KernelFinding(
            "wake-ups",
            IsOk: false,
            $"recorded of sleeps that ended: {counts}",
            "those that come to an idle CPU are inferred (docs/accuracy.md); another kernel may record them");
    }

    /// <summary>A thread that is alone responsible for its sleeps.</summary>
    private sealed class Sleeper(int cpu)
    {
        public int Cpu => cpu;

        public bool IsPinned { get; private set; }

        public int ThreadId { get; private set; }

        public ManualResetEventSlim Ended { get; } = new();

        public void Start() => new Thread(Run) { IsBackground = true, Name = "wake-up-trial" }.Start();

        private void Run()
        {
            ThreadId = CallingThread.Id;
            IsPinned = CallingThread.TryPin(cpu);
            using var never = new ManualResetEvent(false);
            for (int i = 0; i < Sleeps && IsPinned; i++) never.WaitOne(Sleep);
            Ended.Set();
        }
    }

    /// <summary>What was recorded of every thread: the sleepers are too many and too late to ask for.</summary>
    private sealed class Log : ISchedulerRecordHandler
    {
        private readonly long _began = MonotonicClock.NowNanoseconds();
        private readonly Dictionary<int, List<(long At, What What)>> _byThread = [];
        private readonly HashSet<int> _lost = [];

        private enum What
        {
            Slept,
            Woken,
            Came,
        }

        public TimeSpan Elapsed => TimeSpan.FromMicroseconds((MonotonicClock.NowNanoseconds() - _began) / 1e3);

        public void OnSwitch(in SwitchRecord r)
        {
            if (r.ProcessId != Environment.ProcessId || r.IsPreempted) return;
            Add(r.ThreadId, r.Time, r.IsSwitchOut ? What.Slept : What.Came);
        }

        public void OnWaking(in WakingRecord r) => Add(r.WokenThreadId, r.Time, What.Woken);

        public void OnLost(in LostRecord r) => _lost.Add(r.Cpu);

        /// <returns>Null where records are missing for another reason.</returns>
        public CpuWakeUps? Count(int cpu, int thread)
        {
            if (_lost.Contains(cpu) || !_byThread.TryGetValue(thread, out List<(long At, What What)>? told)) return null;
            (int ended, int recorded, bool sleeps, bool woken) = (0, 0, false, false);
            foreach ((_, What what) in told.OrderBy(one => one.At))
            {
                if (what == What.Slept) (sleeps, woken) = (true, false);
                else if (what == What.Woken) woken = true;
                else if (sleeps) (sleeps, ended, recorded) = (false, ended + 1, recorded + (woken ? 1 : 0));
            }

            return new CpuWakeUps(cpu, ended, recorded);
        }

        private void Add(int thread, long at, What what)
        {
            if (!_byThread.TryGetValue(thread, out List<(long At, What What)>? told)) _byThread.Add(thread, told = []);
            told.Add((at, what));
        }
    }
}

/// <summary>Sleeps on one CPU, and how many of their ends were recorded.</summary>
/// <param name="Cpu">The CPU's number.</param>
/// <param name="Ended">Sleeps that ended.</param>
/// <param name="Recorded">Those with a wake-up.</param>
internal readonly record struct CpuWakeUps(int Cpu, int Ended, int Recorded)
{
    /// <summary>True when more than one in ten was not recorded.</summary>
    public bool IsLosing => (Ended - Recorded) * 10 > Ended;
}
