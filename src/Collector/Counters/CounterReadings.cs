using System.Runtime.InteropServices;
using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// What driving threads told of their own counters, until the account they belong to is closed. Filled on the runtime
/// source's thread, asked on the pump's.
/// </summary>
internal sealed class CounterReadings
{
    /// <summary>
    /// More iterations than the timeline ever holds back. Where so many are kept, most are of iterations that have lost
    /// their end; those that are dropped with them leave accounts that say unknown.
    /// </summary>
    private const int Most = 200_000;

    private readonly Lock _entry = new();
    private readonly Dictionary<long, Pair> _pairs = [];
    private Timestamp _lostUntil = Timestamp.Zero;
    private bool _haveCome;

    /// <summary>True once a reading has come: the target tells its counters.</summary>
    public bool HaveCome
    {
        get
        {
            lock (_entry) return _haveCome;
        }
    }

    /// <summary>A thread has read its counters.</summary>
    public void Post(Timestamp at, in CountersPayload counters)
    {
        lock (_entry)
        {
            _haveCome = true;
            if (_pairs.Count >= Most) _pairs.Clear();
            ref Pair pair = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairs, counters.Iteration, out bool hasFirst);
            if (hasFirst) pair.Second = new(at, counters);
            else pair.First = new(at, counters);
        }
    }

    /// <summary>Runtime events are missing from before an instant.</summary>
    public void Lose(Timestamp until)
    {
        lock (_entry) _lostUntil = Timestamp.Later(_lostUntil, until);
    }

    /// <summary>
    /// True when a suspension may be missing from an account that has just closed: then no counters tell what of its time
    /// was gc. Also true for some from which none is missing, because a loss is known by its end only.
    /// </summary>
    public bool MayLackSuspensions(in UnitAccount account)
    {
        lock (_entry) return account.Began < _lostUntil;
    }

    /// <summary>What passed between the two readings around an iteration; null when it is not known, or not yet.</summary>
    /// <param name="account">The iteration.</param>
    /// <param name="mayCome">True when the reading after its stop has not come, and may.</param>
    public CounterDifference? Find(in UnitAccount account, out bool mayCome)
    {
        mayCome = false;
        lock (_entry)
        {
            if (!_pairs.TryGetValue(account.Iteration, out Pair pair) || pair.First.At > account.Began) return null;
            mayCome = pair.Second is null;
            return pair.Second is { } second ? Between(pair.First.Counters, second.Counters) : null;
        }
    }

    /// <summary>The account of an iteration is on its way: its readings are not needed any more.</summary>
    public void Forget(long iteration)
    {
        lock (_entry) _pairs.Remove(iteration);
    }

    private static CounterDifference? Between(in CountersPayload before, in CountersPayload after)
    {
        if (before.Waited == CountersPayload.NotCounted || after.Waited == CountersPayload.NotCounted) return null;
        var passed = new CounterDifference(
            new Duration(after.Cpu - before.Cpu),
            new Duration(after.Waited - before.Waited),
            after.VoluntarySwitches - before.VoluntarySwitches,
            after.InvoluntarySwitches - before.InvoluntarySwitches,
            after.MinorFaults - before.MinorFaults,
            after.MajorFaults - before.MajorFaults);
        // No counter of a thread goes back: two threads have read them, or the target tells what is not so.
        bool goesBack = passed.Running < Duration.Zero || passed.Waited < Duration.Zero
            || passed.VoluntarySwitches < 0 || passed.InvoluntarySwitches < 0 || passed.MinorFaults < 0 || passed.MajorFaults < 0;
        return goesBack ? null : passed;
    }

    private readonly record struct CounterReading(Timestamp At, CountersPayload Counters);

    private struct Pair
    {
        public CounterReading First;
        public CounterReading? Second;
    }
}

/// <summary>What driving threads tell of themselves.</summary>
/// <param name="Readings">Their own counters, which complete accounts at lower tiers.</param>
/// <param name="Groups">Counters of the processor or the kernel, which stand beside accounts.</param>
internal sealed record ThreadReports(CounterReadings Readings, CounterGroups Groups);
