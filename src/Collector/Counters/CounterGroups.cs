using System.Runtime.InteropServices;
using Observatory.Contract;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Which counters the target is asked for.</summary>
internal static class CounterChoice
{
    /// <summary>
    /// Target and collector share the machine: where it has no hardware counter for one, it has none for the other, and a
    /// target that need not try has no cost.
    /// </summary>
    /// <param name="wanted">The set that was asked for; null for none.</param>
    /// <param name="note">Told in one line why it is not that.</param>
    /// <returns>The set; null for none.</returns>
    public static CounterSet? Choose(CounterSet? wanted, Action<string> note)
    {
        if (wanted?.Id != CounterSet.Hardware.Id) return wanted;
        KernelFinding finding = KernelProbe.HardwareCounters();
        if (finding.IsOk) return wanted;
        note($"hardware counters: {finding.Reason}; {finding.Remedy}");
        return null;
    }
}

/// <summary>
/// What groups of counters counted of driving threads, until the account it belongs to is closed. Filled on the runtime
/// source's thread, asked on the pump's.
/// </summary>
/// <param name="wanted">The set that was asked for; null for none.</param>
/// <param name="refused">Told once, in one line for people, why the target has no counters.</param>
internal sealed class CounterGroups(CounterSet? wanted, Action<string> refused)
{
    /// <summary>As many as <see cref="CounterReadings"/> keeps, for the same reason.</summary>
    private const int Most = 200_000;

    private readonly Lock _entry = new();
    private readonly Dictionary<long, CounterGroupPayload> _counted = [];
    private volatile bool _haveCome;
    private bool _isRefused;

    /// <summary>True once the target has told what was counted.</summary>
    public bool HaveCome => _haveCome;

    /// <summary>The set that was asked for; null for none.</summary>
    public CounterSet? Wanted => wanted;

    /// <summary>A thread has read its counters around an iteration.</summary>
    public void Post(in CounterGroupPayload counted)
    {
        // Another observer of the same target may have asked for other ones.
        if (counted.Set != wanted?.Id) return;
        lock (_entry)
        {
            if (_counted.Count >= Most) _counted.Clear();
            _counted[counted.Iteration] = counted;
        }

        _haveCome = true;
    }

    /// <summary>The kernel refused a thread its counters.</summary>
    public void Refuse(in CounterRefusalPayload refusal)
    {
        if (refusal.Set != wanted?.Id || _isRefused) return;
        _isRefused = true;
        refused(CounterRefusal.Explain(wanted, refusal.Error));
    }

    /// <summary>Takes out what was counted around an iteration; false when it has not come.</summary>
    public bool TryTake(long iteration, out CountedEvents? events)
    {
        events = null;
        lock (_entry)
        {
            if (!_counted.Remove(iteration, out CounterGroupPayload counted)) return false;
            events = CounterScale.Apply(counted, wanted!);
            return true;
        }
    }
}

/// <summary>
/// Scales what a group of counters counted to the time in which it wanted to count; perf_event_open(2), "multiplexing".
/// </summary>
internal static class CounterScale
{
    /// <returns>Null when others had the counters all the time: unknown, not zero.</returns>
    public static CountedEvents? Apply(in CounterGroupPayload counted, CounterSet set)
    {
        (long enabled, long running) = (counted.Enabled, counted.Running);
        if (running <= 0 || enabled < running) return null;
        return new CountedEvents(
            set.Name,
            set.Names,
            [
                Scale(counted.First, enabled, running), Scale(counted.Second, enabled, running),
                Scale(counted.Third, enabled, running), Scale(counted.Fourth, enabled, running),
            ],
            (double)running / enabled);
    }

    // Below zero: not counted, or what no counter counts.
    private static long? Scale(long value, long enabled, long running) =>
        value < 0 ? null : (long)Int128.Min(long.MaxValue, (Int128)value * enabled / running);
}

/// <summary>Why the target has no counters, for people.</summary>
internal static class CounterRefusal
{
    // include/uapi/asm-generic/errno-base.h: EPERM is the answer of seccomp filters, EACCES that of perf_event_paranoid.
    private const long NotPermitted = 1;
    private const long AccessDenied = 13;

    public static string Explain(CounterSet set, long error) =>
        $"{set.Name} counters: refused to the target: {Marshal.GetPInvokeErrorMessage((int)error)} (errno {error}){Remedy(error)}";

    private static string Remedy(long error) => error switch
    {
        NotPermitted => "; in a container, give the target --cap-add PERFMON, or a seccomp profile that allows perf_event_open",
        AccessDenied => "; sudo sysctl kernel.perf_event_paranoid=2",
        _ => "",
    };
}
