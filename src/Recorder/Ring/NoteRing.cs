using Observatory.Timeline;

namespace Observatory.Recorder;

/// <summary>What a note is of.</summary>
public enum NoteKind
{
    /// <summary>A pause of the garbage collector: its generation and its reason.</summary>
    GcPause,

    /// <summary>The first part of a pause, until the last thread stood still.</summary>
    GcSuspending,

    /// <summary>A thread waited for a lock: the thread that held it.</summary>
    Contention,

    /// <summary>Bytes of the target that are resident.</summary>
    ResidentBytes,

    /// <summary>Bytes allocated on the managed heap, counted since the observation began.</summary>
    AllocatedBytes,

    /// <summary>Worker threads of the thread pool.</summary>
    PoolThreads,

    /// <summary>Time for which the target's control group was kept from its CPUs, counted in microseconds.</summary>
    ThrottledMicroseconds,
}

/// <summary>Something a source told beside the events of the timeline.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="From">When it began, or when the value was read.</param>
/// <param name="To">When it ended; the same instant for a value.</param>
/// <param name="Thread">The thread it happened to; 0 for none.</param>
/// <param name="Value">The generation, the holder of the lock, or the value.</param>
/// <param name="Text">Reason of a pause; null for the others.</param>
public readonly record struct RecordedNote(
    NoteKind Kind, Timestamp From, Timestamp To, int Thread, long Value, string? Text = null);

/// <summary>The last notes, as many as fit. Any thread adds and reads: they are few beside the events.</summary>
public sealed class NoteRing(int capacity = 32_768)
{
    private readonly Lock _entry = new();
    private readonly RecordedNote[] _notes = new RecordedNote[capacity];
    private long _added;

    public void Add(in RecordedNote note)
    {
        lock (_entry) _notes[_added++ % capacity] = note;
    }

    /// <summary>The notes that touch a stretch of time, oldest first.</summary>
    public IReadOnlyList<RecordedNote> Between(Timestamp from, Timestamp to)
    {
        List<RecordedNote> found = [];
        lock (_entry)
        {
            for (long i = Math.Max(0, _added - capacity); i < _added; i++)
            {
                RecordedNote note = _notes[i % capacity];
                if (note.To >= from && note.From <= to) found.Add(note);
            }
        }

        return found;
    }
}
