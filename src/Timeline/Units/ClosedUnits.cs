namespace Observatory.Timeline;

/// <summary>
/// The units that were told as complete last: a switch or a wake-up that comes late, behind what the timeline was told to be
/// complete up to, may contradict them, and they cannot be taken back.
/// </summary>
/// <remarks>
/// A record is late where its CPU was taken away between the time stamp and the publication for longer than the source waits
/// (20 ms): a virtual machine that stands still. What is kept is bounded; of 4096 units that ended since, the older ones
/// are not doubted.
/// </remarks>
internal sealed class ClosedUnits(TimelineCounters counters)
{
    /// <summary>Units that are kept: at 100,000 units a second those of 40 ms.</summary>
    public const int Most = 4_096;

    private Told[] _told = new Told[16];
    private int _next;
    private int _count;

    /// <summary>Units that are kept.</summary>
    public int Count => _count;

    /// <summary>A unit was told as complete. Units are told in the order of their ends.</summary>
    public void Add(in UnitAccount account)
    {
        if (_count == _told.Length && _count < Most) Grow();
        bool hasSlept = account.Details.VoluntarySwitches > 0;
        _told[_next] = new Told(account.Thread, account.Began, account.Ended, hasSlept, account.Details.Segments);
        _next = (_next + 1) & (_told.Length - 1);
        _count = Math.Min(_count + 1, _told.Length);
    }

    /// <summary>Doubts the units that an event comes too late for, each of them once.</summary>
    public void Doubt(in TimelineEvent late)
    {
        for (int back = 1; back <= _count; back++)
        {
            ref Told told = ref _told[(_next - back) & (_told.Length - 1)];
            if (told.Ended < late.Happened) return;
            if (told.IsDoubted || !told.Concerns(late)) continue;
            told.IsDoubted = true;
            counters.UnitsDoubted++;
        }
    }

    private void Grow()
    {
        // Full: the oldest is the next to be overwritten, and that is the first where none was yet.
        var told = new Told[_told.Length * 2];
        _told.CopyTo(told, 0);
        (_told, _next) = (told, _count);
    }

    /// <param name="Thread">The thread that worked on it first.</param>
    /// <param name="Began">First instant.</param>
    /// <param name="Ended">Last instant.</param>
    /// <param name="HasSlept">True when a thread went to sleep in it.</param>
    /// <param name="Segments">Where it was worked on; none for an iteration, which has one thread.</param>
    private record struct Told(
        int Thread, Timestamp Began, Timestamp Ended, bool HasSlept, IReadOnlyList<UnitSegment> Segments)
    {
        public bool IsDoubted { get; set; }

        public readonly bool Concerns(in TimelineEvent late)
        {
            if (Segments.Count == 0) return new UnitSegment(Thread, Began, Ended).IsDoubtedBy(late, HasSlept);
            foreach (UnitSegment segment in Segments)
            {
                if (segment.IsDoubtedBy(late, HasSlept)) return true;
            }

            return false;
        }
    }
}
