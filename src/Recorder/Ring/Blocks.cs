namespace Observatory.Recorder;

/// <summary>
/// Arrays of one size that are used again, so that a recorder that has filled its ring once allocates nothing more.
/// </summary>
/// <param name="length">Items a block holds.</param>
/// <param name="itemBytes">Bytes of an item.</param>
/// <param name="most">Most blocks kept for the next use; what is given back beyond is left to the collector of garbage.</param>
internal sealed class BlockPool<T>(int length, int itemBytes, int most)
    where T : struct
{
    private readonly Lock _entry = new();
    private readonly Stack<T[]> _free = new();

    /// <summary>Bytes of a block.</summary>
    public long BlockBytes { get; } = (long)length * itemBytes;

    public T[] Rent()
    {
        lock (_entry)
        {
            if (_free.TryPop(out T[]? block)) return block;
        }

        return new T[length];
    }

    public void Return(T[] block)
    {
        lock (_entry)
        {
            if (_free.Count < most) _free.Push(block);
        }
    }
}

/// <summary>A list that grows by whole blocks of a pool. One thread adds; any may read what was there when it was sealed.</summary>
internal sealed class BlockList<T>(BlockPool<T> pool)
    where T : struct
{
    private readonly List<T[]> _blocks = [];
    private int _inLast;

    /// <summary>Items held.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes held, whole blocks.</summary>
    public long Bytes => _blocks.Count * pool.BlockBytes;

    /// <summary>Items that fit in before another block is needed.</summary>
    public int Room => _blocks.Count == 0 ? 0 : _blocks[^1].Length - _inLast;

    public void Add(ReadOnlySpan<T> items)
    {
        while (items.Length > 0)
        {
            if (Room == 0) AddBlock();
            ReadOnlySpan<T> fitting = items[..Math.Min(items.Length, Room)];
            fitting.CopyTo(_blocks[^1].AsSpan(_inLast));
            _inLast += fitting.Length;
            Count += fitting.Length;
            items = items[fitting.Length..];
        }
    }

    /// <summary>The items, a block at a time, oldest first.</summary>
    public IEnumerable<ReadOnlyMemory<T>> Blocks()
    {
        for (int i = 0; i < _blocks.Count; i++)
        {
            yield return _blocks[i].AsMemory(0, i == _blocks.Count - 1 ? _inLast : _blocks[i].Length);
        }
    }

    private void AddBlock()
    {
        _blocks.Add(pool.Rent());
        _inLast = 0;
    }

    /// <summary>Gives the blocks back. What was read of them must not be used any more.</summary>
    public void Clear()
    {
        foreach (T[] block in _blocks) pool.Return(block);
        _blocks.Clear();
        (_inLast, Count) = (0, 0);
    }
}
