using System.Runtime.CompilerServices;

namespace Observatory.Timeline;

/// <summary>
/// Items in the order of their times, those of one time in the order of arrival. They lie in pages of one size that queues
/// give each other, so that what a flood needed is neither moved when more comes nor garbage when it is over.
/// </summary>
internal sealed class PagedQueue<T>(PagePool<T> pool)
    where T : struct, ITimed
{
    /// <summary>Items of the first page, for the many queues that never hold more.</summary>
    private const int Least = 8;

    private readonly List<T[]> _pages = [];
    // The last of them; none while there are none.
    private T[] _last = [];
    private int _first;
    private int _end;
    private Timestamp _newest;
    private bool _wasLong;
    private bool _beginsWithPage;

    /// <summary>Items held.</summary>
    public int Count { get; private set; }

    /// <summary>Memory of what is held; its pages take at most one more.</summary>
    public long HeldBytes => (long)Count * Unsafe.SizeOf<T>();

    /// <summary>The oldest; only valid while <see cref="Count"/> is positive.</summary>
    public ref readonly T First => ref _pages[0][_first];

    /// <summary>The oldest, as many as lie side by side; at least one while <see cref="Count"/> is positive.</summary>
    public ReadOnlySpan<T> Oldest => _pages[0].AsSpan(_first, Math.Min(Count, _pages[0].Length - _first));

    /// <summary>Puts an item behind every held one that is not later than it.</summary>
    public void Add(in T added)
    {
        if (_end == _last.Length) MakeRoom();
        _end++;
        int place = Count++;
        if (place > 0 && _newest > added.At)
        {
            for (; place > 0 && At(place - 1).At > added.At; place--) At(place) = At(place - 1);
            At(place) = added;
            return;
        }

        _newest = added.At;
        _last[_end - 1] = added;
    }

    /// <summary>The same with items that are in the order of time.</summary>
    public void Add(ReadOnlySpan<T> added)
    {
        // Behind something later each has a place of its own.
        for (; !added.IsEmpty && Count > 0 && _newest > added[0].At; added = added[1..]) Add(added[0]);
        if (added.IsEmpty) return;
        _newest = added[^1].At;
        while (!added.IsEmpty)
        {
            if (_end == _last.Length) MakeRoom();
            int fitting = Math.Min(added.Length, _last.Length - _end);
            added[..fitting].CopyTo(_last.AsSpan(_end));
            _end += fitting;
            Count += fitting;
            added = added[fitting..];
        }
    }

    /// <summary>Removes the oldest, at most as many as are held.</summary>
    public void Drop(int count)
    {
        Count -= count;
        _first += count;
        while (_pages.Count > 1 && _first >= _pages[0].Length)
        {
            _first -= _pages[0].Length;
            pool.Return(_pages[0]);
            _pages.RemoveAt(0);
        }

        if (Count > 0) return;
        int used = _end;
        (_first, _end) = (0, 0);
        if (_pages.Count == 0 || _pages[0].Length < pool.PageLength) return;
        // A queue that needs a page each time would grow up to it each time.
        _beginsWithPage = _wasLong || used > pool.PageLength / 2;
        _wasLong = false;
        pool.Return(_pages[0]);
        _pages.Clear();
        _last = [];
    }

    private ref T At(int place)
    {
        int index = _first + place;
        // All pages have one length but the first, as long as it is alone.
        return ref _pages.Count == 1 ? ref _pages[0][index] : ref _pages[index / pool.PageLength][index % pool.PageLength];
    }

    private void MakeRoom()
    {
        if (_pages.Count > 0 && _pages[0].Length == pool.PageLength)
        {
            _pages.Add(_last = pool.Rent());
            _end = 0;
            _wasLong = true;
            return;
        }

        // One small page, or none: a larger one, and what is held at its beginning.
        int length = _pages.Count > 0 ? _pages[0].Length * 2 : _beginsWithPage ? pool.PageLength : Least;
        T[] page = length < pool.PageLength ? new T[length] : pool.Rent();
        if (_pages.Count > 0) _pages[0].AsSpan(_first, Count).CopyTo(page);
        _pages.Clear();
        _pages.Add(_last = page);
        (_first, _end) = (0, Count);
    }
}

/// <summary>Pages that nothing is held in. What a flood has left is given back when it was not needed for some seconds.</summary>
/// <param name="pageLength">Items in a page: a power of two, and few enough that a page is no large object to the garbage collector.</param>
internal sealed class PagePool<T>(int pageLength)
    where T : struct
{
    /// <summary>Visits over which the least that was free is what is not needed: some seconds.</summary>
    private const int Visits = 128;

    private readonly Stack<T[]> _free = new();
    private int _leastFree;
    private int _visits;

    public int PageLength => pageLength;

    public long PageBytes { get; } = (long)pageLength * Unsafe.SizeOf<T>();

    /// <summary>Memory of the pages that are free.</summary>
    public long FreeBytes => _free.Count * PageBytes;

    public T[] Rent()
    {
        if (!_free.TryPop(out T[]? page)) return new T[pageLength];
        _leastFree = Math.Min(_leastFree, _free.Count);
        return page;
    }

    public void Return(T[] page) => _free.Push(page);

    /// <summary>A visit: now and then gives back what was free all the time.</summary>
    public void Trim()
    {
        if (++_visits < Visits) return;
        for (int i = 0; i < _leastFree; i++) _free.Pop();
        (_visits, _leastFree) = (0, _free.Count);
    }
}

/// <summary>Where the lanes of one timeline have their memory from.</summary>
internal sealed class LanePool
{
    public PagePool<PackedEvent> Places { get; } = new(1_024);

    public PagePool<EventLane.WholeEvent> Whole { get; } = new(512);

    /// <summary>Memory that is free and kept.</summary>
    public long FreeBytes => Places.FreeBytes + Whole.FreeBytes;

    public void Trim()
    {
        Places.Trim();
        Whole.Trim();
    }
}
