using System.Runtime.CompilerServices;
using Observatory.Timeline;

namespace Observatory.Recorder;

/// <summary>How much a ring keeps.</summary>
public sealed record RingLimits
{
    /// <summary>Most memory; wins over <see cref="Age"/>.</summary>
    public long Bytes { get; init; } = 64 << 20;

    /// <summary>How far back it reaches at least, where memory allows.</summary>
    public Duration Age { get; init; } = Duration.FromMilliseconds(15_000);
}

/// <summary>
/// The last seconds of everything the timeline consumed, in generations: an old one is dropped when those after it reach
/// far enough back, or when memory runs out. At least one whole generation is kept.
/// </summary>
/// <remarks>
/// One thread adds. <see cref="Cut"/> belongs to it as well, because only between two events is there a state to go on
/// from; what was cut is read by any other thread while the ring goes on, and no event waits for it. While a cut is
/// read, its generations are not used again, so for that time up to twice the memory is held.
/// </remarks>
public sealed class GenerationRing
{
    private const int EventsPerBlock = 4096;
    private const int AccountsPerBlock = 256;

    /// <summary>Generations that memory and age are divided into: what is lost at once when an old one is dropped.</summary>
    private const int Parts = 8;

    /// <summary>A generation ends with its last block, which the next events, some at a time, would most likely not fit in.</summary>
    private const int Spare = 64;

    private readonly RingLimits _limits;
    private readonly Func<TimelineCheckpoint> _state;
    private readonly Action<RingCut>? _sealed;
    private readonly BlockPool<PackedEvent> _eventBlocks;
    private readonly BlockPool<UnitAccount> _accountBlocks;
    private readonly Lock _entry = new();
    private readonly Queue<Generation> _whole = new();
    private Generation? _open;
    private long _bytesOfWhole;
    private long _age;
    private long _bytes;
    private long _dropped;

    /// <param name="limits">How much it keeps.</param>
    /// <param name="state">Tells the timeline's state after the event that was added last.</param>
    /// <param name="isSealed">Gets each generation that is over, on the thread that adds; must not block, and gives it back.</param>
    public GenerationRing(RingLimits limits, Func<TimelineCheckpoint> state, Action<RingCut>? isSealed = null)
    {
        ArgumentNullException.ThrowIfNull(limits);
        (_limits, _state, _sealed) = (limits, state, isSealed);
        int eventBytes = Unsafe.SizeOf<PackedEvent>();
        int most = (int)Math.Max(2, limits.Bytes / (EventsPerBlock * eventBytes));
        _eventBlocks = new BlockPool<PackedEvent>(EventsPerBlock, eventBytes, most);
        _accountBlocks = new BlockPool<UnitAccount>(AccountsPerBlock, Unsafe.SizeOf<UnitAccount>(), most);
    }

    /// <summary>How far back it reaches now. For any thread to read.</summary>
    public Duration Age => new(Volatile.Read(ref _age));

    /// <summary>Memory the generations hold. For any thread to read.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>How much time it held once and does not reach back to any more. For any thread to read.</summary>
    public Duration Dropped => new(Volatile.Read(ref _dropped));

    /// <summary>Adds events that the timeline has just applied, in the order of time.</summary>
    public void Add(EventRun happened)
    {
        if (happened.Count == 0) return;
        if (_open is null)
        {
            // The timeline's state has the first events in it already.
            Begin();
            return;
        }

        if (_open.Room < EventLog.PlacesOf(happened)) MakeRoom(_eventBlocks.BlockBytes);
        _open.Add(happened);
        if (IsOver(_open)) Begin();
    }

    /// <summary>Adds an account that was closed; what stands beside it is not kept.</summary>
    public void Add(in UnitAccount closed) => _open?.Add(closed with { Details = UnitDetails.None });

    /// <summary>Ends the open generation and takes every whole one that reaches beyond an instant. Dispose to give them back.</summary>
    public RingCut Cut(Timestamp since)
    {
        if (_open is { Count: > 0 }) Begin();
        lock (_entry)
        {
            Generation[] taken = [.. _whole.Where(generation => generation.To >= since)];
            foreach (Generation generation in taken) generation.Pins++;
            return new RingCut(this, taken);
        }
    }

    internal void Release(IEnumerable<Generation> taken)
    {
        lock (_entry)
        {
            foreach (Generation generation in taken)
            {
                generation.Pins--;
                if (generation is { Pins: 0, IsDropped: true }) generation.Free();
            }
        }
    }

    private bool IsOver(Generation open) =>
        (open.Room < Spare && open.Bytes >= _limits.Bytes / Parts)
        || (open.To - open.From).Nanoseconds >= _limits.Age.Nanoseconds / Parts;

    private void Begin()
    {
        // Not open and whole at once: its memory counts once.
        (Generation? over, _open) = (_open, null);
        if (over is not null) Seal(over);
        _open = new Generation(_state(), _eventBlocks, _accountBlocks);
    }

    private void Seal(Generation over)
    {
        lock (_entry)
        {
            _whole.Enqueue(over);
            if (_sealed is not null) over.Pins++;
            _bytesOfWhole += over.Bytes;
            // What follows the oldest reaches far enough back without it.
            while (_whole.Count > 1 && over.To - _whole.ElementAt(1).From >= _limits.Age) DropOldest();
            Publish(over.To);
        }

        _sealed?.Invoke(new RingCut(this, [over]));
    }

    private void MakeRoom(long needed)
    {
        lock (_entry)
        {
            while (_whole.Count > 1 && _bytesOfWhole + _open!.Bytes + needed > _limits.Bytes) DropOldest();
            Publish(_open!.To);
        }
    }

    private void DropOldest()
    {
        Generation oldest = _whole.Dequeue();
        _bytesOfWhole -= oldest.Bytes;
        Volatile.Write(ref _dropped, _dropped + (oldest.To - oldest.From).Nanoseconds);
        oldest.IsDropped = true;
        if (oldest.Pins == 0) oldest.Free();
    }

    private void Publish(Timestamp newest)
    {
        Timestamp from = _whole.TryPeek(out Generation? oldest) ? oldest.From : newest;
        Volatile.Write(ref _age, Math.Max(0, (newest - from).Nanoseconds));
        Volatile.Write(ref _bytes, _bytesOfWhole + (_open?.Bytes ?? 0));
    }
}

/// <summary>Generations taken out of a ring to be read, oldest first and without a gap between them.</summary>
public sealed class RingCut : IDisposable
{
    private GenerationRing? _ring;

    internal RingCut(GenerationRing ring, IReadOnlyList<Generation> generations) => (_ring, Generations) = (ring, generations);

    /// <summary>The generations.</summary>
    public IReadOnlyList<Generation> Generations { get; }

    /// <summary>Gives them back to the ring.</summary>
    public void Dispose() => Interlocked.Exchange(ref _ring, null)?.Release(Generations);
}
