namespace Observatory.Timeline;

/// <summary>
/// Says of most threads that they are not in a set, without a hash: asked of every switch and wake-up of the machine, of which few concern the target.
/// </summary>
public sealed class ThreadFilter
{
    /// <summary>A power of two, far above the threads of most programs, and little enough for a cache.</summary>
    private const int Slots = 1 << 15;

    // How many threads of the set have an id that falls into a slot; a slot that has been full once stays so.
    private readonly byte[] _slots = new byte[Slots];

    /// <summary>False for a thread that is not in the set, and for no other.</summary>
    public bool MayHave(int thread) => _slots[thread & (Slots - 1)] > 0;

    /// <summary>A thread that was not in the set is now.</summary>
    public void Add(int thread)
    {
        ref byte slot = ref _slots[thread & (Slots - 1)];
        if (slot < byte.MaxValue) slot++;
    }

    /// <summary>A thread that was in the set no longer is.</summary>
    public void Remove(int thread)
    {
        ref byte slot = ref _slots[thread & (Slots - 1)];
        if (slot < byte.MaxValue) slot--;
    }
}
