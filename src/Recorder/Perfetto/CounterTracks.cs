using Observatory.Timeline;

namespace Observatory.Recorder;

/// <summary>Writes what is counted: threads that wait for a CPU, page faults, and the values that sources noted.</summary>
/// <remarks>
/// What comes with events is written in steps of 5 ms, the largest number of waiting threads and the sum of the faults in
/// each: one value an event would be larger than the events.
/// </remarks>
internal sealed class CounterTracks(TrackPackets tracks, RecordedWindow window, IReadOnlyList<RecordedNote> notes)
{
    private static readonly Duration Step = Duration.FromMilliseconds(5);

    private readonly HashSet<int> _waiting = [];
    private readonly Dictionary<int, (long Told, long Value)> _values = [];
    private int _queue;
    private int _minor;
    private int _major;
    private int _most;

    /// <param name="process">The target's track.</param>
    public void Write(int process)
    {
        _queue = tracks.Counter(process, "threads waiting for a CPU", isBytes: false);
        _minor = tracks.Counter(process, "page faults, minor", isBytes: false);
        _major = tracks.Counter(process, "page faults, major", isBytes: false);
        Timestamp next = window.From;
        foreach (Generation generation in window.Generations)
        {
            foreach (ReadOnlyMemory<TimelineEvent> block in generation.Events())
            {
                foreach (TimelineEvent happened in block.Span)
                {
                    if (happened.At >= next)
                    {
                        Tell(next);
                        next = happened.At + Step;
                    }

                    Apply(happened);
                }
            }
        }

        Tell(window.To);
        WriteNotes(process);
    }

    private void Apply(in TimelineEvent happened)
    {
        switch (happened.Kind)
        {
            case EventKind.Preempted when happened.Process == window.Process:
            case EventKind.Waking when window.Roles.ContainsKey(happened.Thread):
                _waiting.Add(happened.Thread);
                _most = Math.Max(_most, _waiting.Count);
                break;
            case EventKind.SwitchIn or EventKind.Exited when happened.Process == window.Process: _waiting.Remove(happened.Thread); break;
            case EventKind.PageFaults: Set(happened.IsMajor ? _major : _minor, _values.GetValueOrDefault(happened.IsMajor ? _major : _minor).Value + happened.Count); break;
        }
    }

    private void Tell(Timestamp at)
    {
        Set(_queue, _most);
        foreach (int track in _values.Keys)
        {
            (long told, long value) = _values[track];
            if (told == value) continue;
            tracks.Value(track, at, value);
            _values[track] = (value, value);
        }

        _most = _waiting.Count;
    }

    private void Set(int track, long value) => _values[track] = (_values.TryGetValue(track, out (long Told, long) known) ? known.Told : -1, value);

    private void WriteNotes(int process)
    {
        foreach (IGrouping<NoteKind, RecordedNote> kind in notes.Where(note => NameOf(note.Kind) is not null).GroupBy(note => note.Kind))
        {
            int track = tracks.Counter(process, NameOf(kind.Key)!, kind.Key is NoteKind.ResidentBytes or NoteKind.AllocatedBytes);
            foreach (RecordedNote note in kind) tracks.Value(track, Timestamp.Later(note.From, window.From), note.Value);
        }
    }

    private static string? NameOf(NoteKind kind) => kind switch
    {
        NoteKind.ResidentBytes => "resident memory",
        NoteKind.AllocatedBytes => "allocated on the managed heap",
        NoteKind.PoolThreads => "thread pool workers",
        NoteKind.ThrottledMicroseconds => "throttled by the control group, us",
        _ => null,
    };
}
