using Observatory.Timeline;

namespace Observatory.Recorder;

/// <summary>
/// Says in a few words what a sleep of a thread of the target was for. Perfetto shows it where it shows the kernel
/// function in which a thread was blocked: beside the thread's state, in its queries and along a critical path.
/// </summary>
internal sealed class BlockedReasons
{
    /// <summary>The sleep ended, but its end was not seen.</summary>
    public const string Unseen = "not known: the wake-up was not seen";

    private readonly RecordedWindow _window;
    private readonly Func<int, ThreadName> _names;
    private readonly Dictionary<int, List<RecordedNote>> _contentions;
    private readonly Timestamp[] _suspensionEnds;

    public BlockedReasons(RecordedWindow window, IReadOnlyList<RecordedNote> notes, Func<int, ThreadName> names)
    {
        (_window, _names) = (window, names);
        _contentions = notes.Where(note => note.Kind == NoteKind.Contention)
            .GroupBy(note => note.Thread).ToDictionary(group => group.Key, group => group.OrderBy(note => note.To).ToList());
        _suspensionEnds = [.. window.Suspensions.Select(suspension => suspension.To)];
    }

    /// <param name="thread">The thread that slept.</param>
    /// <param name="waker">The one that woke it, as in <see cref="TimelineEvent.Waker"/>.</param>
    /// <param name="sleep">From giving the CPU up to the wake-up.</param>
    public string Of(int thread, int waker, TimeRange sleep)
    {
        if (IsSuspension(sleep)) return "GC suspension";
        if (HolderOfLock(thread, sleep) is { } holder)
            return holder > 0 ? $"lock held by {_names(holder).Name}" : "lock, holder not known";
        if (waker == TimelineEvent.TimerInterrupt) return "timer";
        if (waker == TimelineEvent.DiskInterrupt) return "disk";
        if (waker == TimelineEvent.NetworkInterrupt) return "network";
        if (waker == TimelineEvent.Interrupt) return "timer or device";
        if (waker == TimelineEvent.UnknownThread) return "not known: woken by an unknown thread";
        if (!_window.Roles.TryGetValue(waker, out ThreadRole role)) return $"woken by {_names(waker).Command}, another process";
        if (_window.Roles.GetValueOrDefault(thread) == ThreadRole.Worker) return "OpenMP worker without work";
        return role == ThreadRole.Worker ? "OpenMP barrier" : $"woken by {_names(waker).Name}";
    }

    private bool IsSuspension(TimeRange sleep)
    {
        int place = Array.BinarySearch(_suspensionEnds, sleep.From);
        if (place < 0) place = ~place;
        Duration covered = Duration.Zero;
        for (; place < _suspensionEnds.Length && _window.Suspensions[place].From < sleep.To; place++)
            covered += _window.Suspensions[place].Inside(sleep.From, sleep.To);
        return covered.Nanoseconds * 2 > sleep.Length.Nanoseconds;
    }

    private int? HolderOfLock(int thread, TimeRange sleep)
    {
        if (!_contentions.TryGetValue(thread, out List<RecordedNote>? notes)) return null;
        foreach (RecordedNote note in notes)
        {
            Duration shared = new TimeRange(note.From, note.To).Inside(sleep.From, sleep.To);
            if (shared.Nanoseconds * 2 > sleep.Length.Nanoseconds) return (int)note.Value;
        }

        return null;
    }
}
