using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// Where a source leaves its events for the pipeline: two lists that change places. Bounded: a source that finds it full
/// waits, and what it cannot read meanwhile is counted as lost by the kernel or the runtime, which know the interval.
/// </summary>
internal sealed class Inbox(StreamKind stream, int capacity = Inbox.Most)
{
    /// <summary>
    /// Events that it holds before a source waits. With what is posted at once on top, room for 2^17, twice: 4 MB of switches and
    /// wake-ups.
    /// </summary>
    private const int Most = 1 << 16;

    // A plain object, because sources wait on it for room.
    private readonly object _entry = new();
    private Delivery _filling = new();
    private Delivery _spare = new();

    /// <summary>The stream whose events these are.</summary>
    public StreamKind Stream => stream;

    /// <summary>Told, on the source's thread, when it is half full: it should be taken soon.</summary>
    public Action? Filling { get; set; }

    /// <summary>The source delivers from here on.</summary>
    public void Join(Timestamp from)
    {
        lock (_entry) _filling.Joined = from;
    }

    /// <summary>The source delivers no more.</summary>
    public void Leave(Timestamp at)
    {
        lock (_entry) _filling.Left = at;
    }

    /// <summary>Adds events, and says up to when they are complete.</summary>
    public void Post(ReadOnlySpan<TimelineEvent> events, Timestamp completeTo)
    {
        int before;
        lock (_entry)
        {
            before = WaitForRoom();
            foreach (ref readonly TimelineEvent happened in events) _filling.Events.Add(happened);
            _filling.CompleteTo = Timestamp.Later(_filling.CompleteTo, completeTo);
        }

        TellFilling(before, events.Length);
    }

    /// <summary>The same with events that are packed.</summary>
    public void Post(EventRun events, Timestamp completeTo)
    {
        int before;
        lock (_entry)
        {
            before = WaitForRoom();
            _filling.Events.Add(events);
            _filling.CompleteTo = Timestamp.Later(_filling.CompleteTo, completeTo);
        }

        TellFilling(before, events.Count);
    }

    private int WaitForRoom()
    {
        while (_filling.Events.Count >= capacity) Monitor.Wait(_entry);
        return _filling.Events.Count;
    }

    private void TellFilling(int before, int posted)
    {
        if (before < capacity / 2 && before + posted >= capacity / 2) Filling?.Invoke();
    }

    /// <summary>Takes what has been left since the last call. Valid until the next one.</summary>
    public Delivery Take()
    {
        lock (_entry)
        {
            (_filling, _spare) = (_spare, _filling);
            _filling.Clear();
            Monitor.PulseAll(_entry);
            return _spare;
        }
    }
}

/// <summary>What a source left between two visits of the pipeline.</summary>
internal sealed class Delivery
{
    /// <summary>The events, each stream in its own order.</summary>
    public EventBatch Events { get; } = new();

    /// <summary>Everything up to here was delivered.</summary>
    public Timestamp CompleteTo { get; set; }

    /// <summary>Set when the source began, before <see cref="Events"/>.</summary>
    public Timestamp? Joined { get; set; }

    /// <summary>Set when the source ended, after <see cref="Events"/>.</summary>
    public Timestamp? Left { get; set; }

    /// <summary>True when the source has said nothing.</summary>
    public bool IsEmpty => Events.Count == 0 && CompleteTo == Timestamp.Zero && Joined is null && Left is null;

    public void Clear()
    {
        Events.Clear();
        CompleteTo = Timestamp.Zero;
        Joined = null;
        Left = null;
    }
}
