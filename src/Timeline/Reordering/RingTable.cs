using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Observatory.Timeline;

/// <summary>
/// What is kept for each ring (see <see cref="LossScope.Value"/>): those of CPUs in an array, because every switch of the
/// machine asks for one of them, all others by hash, because threads have any number and go again.
/// </summary>
/// <param name="make">Makes what is kept for a ring.</param>
internal sealed class RingTable<T>(Func<int, T> make)
    where T : class
{
    // CONFIG_NR_CPUS is at most 8192.
    private const int MostCpus = 8_192;

    private readonly Dictionary<int, T> _others = [];
    private readonly List<KeyValuePair<int, T>> _all = [];
    private T?[] _cpus = new T?[16];

    /// <summary>How many there are.</summary>
    public int Count => _all.Count;

    /// <summary>All of them. Not to be changed; none is added or removed while they are gone through.</summary>
    public List<KeyValuePair<int, T>> All => _all;

    /// <summary>What is kept for a ring, made when it is asked for the first time.</summary>
    public T this[int ring]
    {
        get
        {
            T?[] cpus = _cpus;
            return (uint)ring < (uint)cpus.Length && cpus[ring] is { } kept ? kept : Find(ring);
        }
    }

    /// <summary>What is kept for a ring; false when there is nothing.</summary>
    public bool TryGet(int ring, [NotNullWhen(true)] out T? kept)
    {
        if (!IsCpu(ring)) return _others.TryGetValue(ring, out kept);
        kept = ring < _cpus.Length ? _cpus[ring] : null;
        return kept is not null;
    }

    public void Remove(int ring)
    {
        if (!TryGet(ring, out _)) return;
        if (IsCpu(ring)) _cpus[ring] = null;
        else _others.Remove(ring);
        _all.RemoveAt(_all.FindIndex(kept => kept.Key == ring));
    }

    private T Find(int ring) => TryGet(ring, out T? kept) ? kept : Make(ring);

    private T Make(int ring)
    {
        T made = make(ring);
        _all.Add(KeyValuePair.Create(ring, made));
        if (!IsCpu(ring))
        {
            _others.Add(ring, made);
            return made;
        }

        if (ring >= _cpus.Length) Array.Resize(ref _cpus, (int)BitOperations.RoundUpToPowerOf2((uint)ring + 1));
        return _cpus[ring] = made;
    }

    private static bool IsCpu(int ring) => ring is >= 0 and < MostCpus;
}
