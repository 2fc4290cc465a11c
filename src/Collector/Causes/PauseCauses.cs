using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// The causes of suspensions: what was collected, why and for whom; and where the threads took long to stand still, which one was
/// last, and what kept it.
/// </summary>
/// <remarks>
/// The runtime's reader tells of a pause at once, the timeline of the same suspension when all streams have come so far. A pause of which
/// it may have something to tell waits for it, and later ones behind it, until an account closes that has the pause in it.
/// </remarks>
/// <param name="evidence">Gets the pauses.</param>
/// <param name="finder">Knows who had the CPU that a thread wanted.</param>
/// <param name="process">Gets their time.</param>
internal sealed class PauseCauses(CauseEvidence evidence, CauseFinder finder, CauseTimes process)
{
    /// <summary>Threads that take less time to stand still are not asked why.</summary>
    private static readonly Duration Long = Duration.FromMilliseconds(1);

    private const int MostWaiting = 1_024;
    private const string OfUnknown = $"{Cause.WaitedFor}a thread, which one is not known";
    private readonly Queue<GcPause> _waiting = new();

    /// <summary>Of another target.</summary>
    public void Clear() => _waiting.Clear();

    /// <summary>Threads go on after a pause.</summary>
    public void Add(in GcPause pause)
    {
        if (_waiting.Count == 0 && !IsLong(pause))
        {
            Enter(pause, "");
            return;
        }

        if (_waiting.Count == MostWaiting) Enter(_waiting.Dequeue(), OfUnknown);
        _waiting.Enqueue(pause);
    }

    /// <summary>The timeline has come to the end of a suspension.</summary>
    public void Explain(in Suspension suspension)
    {
        while (_waiting.TryPeek(out GcPause pause) && pause.At <= suspension.Began)
        {
            _waiting.Dequeue();
            Enter(pause, IsLong(pause) && pause.At == suspension.Began ? WaitedFor(suspension, pause.At + pause.Suspending) : OfUnknown);
        }
    }

    /// <summary>The timeline has come to an instant: what it has not explained of the time before, it never will.</summary>
    public void Settle(Timestamp now)
    {
        while (_waiting.TryPeek(out GcPause pause) && pause.At + pause.Pause <= now) Enter(_waiting.Dequeue(), OfUnknown);
    }

    private static bool IsLong(in GcPause pause) => pause.Suspending >= Long;

    /// <param name="pause">The pause.</param>
    /// <param name="waitedFor">What was waited for at its beginning, where that took long.</param>
    private void Enter(in GcPause pause, string waitedFor)
    {
        string what = pause.Generation is { } generation ? $"{GenerationAfter.Names[generation]}, {pause.Reason}" : pause.Reason;
        string trigger = pause.Thread > 0 ? $"triggered by {ThreadNames.FamilyOf(evidence.NameOf(pause.Thread))}" : "";
        var cause = new Cause(CauseKind.Gc, what, Detail: trigger);
        Timestamp still = IsLong(pause) ? pause.At + pause.Suspending : pause.At;
        Enter(pause.At, still, cause with { Detail = trigger.Length > 0 ? $"{trigger}, {waitedFor}" : waitedFor });
        Enter(still, pause.At + pause.Pause, cause);
    }

    private void Enter(Timestamp from, Timestamp to, in Cause cause)
    {
        evidence.Pauses.Add(from, to, cause);
        process.Add(cause, (to - from).Nanoseconds);
    }

    private string WaitedFor(in Suspension suspension, Timestamp still)
    {
        Cause? ofAsker = WithoutCpu(suspension.By, suspension.Began, still);
        // Where own threads had the CPU of the one that asks, the one that did not stop may be among them.
        bool isAsker = ofAsker is { } own && (own.Kind is not (CauseKind.OwnThreads or CauseKind.Affinity) || suspension.Last <= TimelineEvent.UnknownThread);
        if (isAsker) return $"{Cause.WaitedFor}{Name(suspension.By)} itself, which was {Describe(ofAsker!.Value)}";
        if (suspension.Last <= TimelineEvent.UnknownThread) return OfUnknown;
        return WithoutCpu(suspension.Last, suspension.Began, still) is { } kept
            ? $"{Cause.WaitedFor}{Name(suspension.Last)}, which was {Describe(kept)}"
            : $"{Cause.WaitedFor}{Name(suspension.Last)}, which ran on where the runtime could not stop it";
    }

    /// <summary>Why a thread had no CPU for half of a time or more; null where it had one.</summary>
    private Cause? WithoutCpu(int thread, Timestamp from, Timestamp to)
    {
        CauseTimes waits = finder.WaitsOf(thread, from, to);
        return waits.Total * 2 >= (to - from).Nanoseconds ? waits.Ranked[0].Key : null;
    }

    /// <summary>Without the process's number: of a build that starts a hundred of one name, each would be a cause of its own.</summary>
    private string Describe(in Cause kept) => CauseText.Describe(kept with { Pid = 0 }, evidence.Limits());

    private string Name(int thread) => ThreadNames.FamilyOf(evidence.NameOf(thread));
}
