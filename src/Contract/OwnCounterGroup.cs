using Microsoft.Win32.SafeHandles;

namespace Observatory.Contract;

/// <summary>A group of counters of the calling thread, opened and read by the thread itself. A reading allocates nothing.</summary>
internal sealed class OwnCounterGroup
{
    // struct read_format of a group: number of counters, time enabled, time running, a value per counter.
    private const int EnabledWord = 1;
    private const int RunningWord = 2;
    private const int FirstValueWord = 3;
    private const int Words = FirstValueWord + CounterSet.Size;
    private const long None = 0;

    [ThreadStatic]
    private static OwnCounterGroup? _own;

    private readonly CounterRequest _request;
    private readonly SafeFileHandle?[] _counters;
    private readonly nint _bytes;
    private readonly long[] _before = new long[Words];
    private readonly long[] _after = new long[Words];
    private long _iteration = None;

    private OwnCounterGroup(CounterRequest request)
    {
        _request = request;
        _counters = OwnCounterGroupNative.Open(request.Set, out int error);
        _bytes = (FirstValueWord + _counters.Count(counter => counter is not null)) * sizeof(long);
        Error = error;
    }

    /// <summary>Why the kernel refused the leader, and with it the group; 0 when it did not.</summary>
    public int Error { get; }

    /// <summary>Opens the group where the thread has none for this request.</summary>
    /// <returns>The group when it has just been opened or refused, else null.</returns>
    public static OwnCounterGroup? OpenOnce(CounterRequest request)
    {
        if (_own is { } own && ReferenceEquals(own._request, request)) return null;
        Close();
        return _own = new OwnCounterGroup(request);
    }

    /// <summary>Closes the thread's group if it has one: nobody listens any more.</summary>
    public static void Close()
    {
        if (_own is not { } own) return;
        _own = null;
        foreach (SafeFileHandle? counter in own._counters) counter?.Dispose();
    }

    /// <summary>Reads the thread's group for an iteration that is about to start.</summary>
    public static void ReadBefore(long iteration)
    {
        if (_own is { Error: 0 } own) own._iteration = own.TryRead(own._before) ? iteration : None;
    }

    /// <summary>Reads the thread's group for an iteration that has just stopped.</summary>
    /// <returns>False when it was not read before, or cannot be read.</returns>
    public static bool TryReadAfter(long iteration, out CounterGroupPayload counted)
    {
        counted = default;
        if (_own is not { Error: 0 } own || own._iteration != iteration || !own.TryRead(own._after)) return false;
        counted = own.Difference(iteration);
        return true;
    }

    private bool TryRead(Span<long> words) => OwnCounterGroupNative.Read(_counters[0]!, words, _bytes) == _bytes;

    private CounterGroupPayload Difference(long iteration)
    {
        int word = FirstValueWord;
        return new CounterGroupPayload(
            iteration, _request.Set.Id, Passed(EnabledWord), Passed(RunningWord), Next(0), Next(1), Next(2), Next(3));

        // The kernel gives values of the counters that were opened, in that order.
        long Next(int place) => _counters[place] is null ? CounterGroupPayload.NotCounted : Passed(word++);
    }

    private long Passed(int word) => _after[word] - _before[word];
}
