using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Observatory.Kernel;

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

    /// <summary>Closes the thread's group if it has one: no observer listens any more.</summary>
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

/// <summary>perf_event_open(2) for the calling thread; docs/adr/0006-counters-read-by-the-driving-thread.md.</summary>
internal static partial class OwnCounterGroupNative
{
    private const int CallingThread = 0;
    private const int AnyCpu = -1;
    private const int NoGroup = -1;
    private const int CloseOnExec = 8;

    /// <summary>Opens what there is of a set, in its order; counting begins at once.</summary>
    /// <param name="set">Which.</param>
    /// <param name="error">Why the leader could not be opened, and with it nothing; 0 when it was.</param>
    /// <returns>A handle per counter; null for one that this machine lacks.</returns>
    public static SafeFileHandle?[] Open(CounterSet set, out int error)
    {
        var opened = new SafeFileHandle?[CounterSet.Size];
        opened[0] = Open(set.Counters[0], NoGroup, out error);
        if (error != 0) return opened;
        nint leader = opened[0]!.DangerousGetHandle();
        for (int i = 1; i < set.Counters.Count; i++) opened[i] = Open(set.Counters[i], leader, out _);
        return opened;
    }

    private static SafeFileHandle? Open(CounterDefinition counter, nint group, out int error)
    {
        var attributes = new PerfEventAttributes
        {
            Type = (PerfEventType)counter.Type,
            Config = counter.Config,
            ReadFormat = PerfEventAttributes.ReadGroupWithTimes,
            Flags = PerfEventFlags.UserModeOnly,
        };
        SafeFileHandle opened = OpenEvent(Number, attributes, CallingThread, AnyCpu, group, CloseOnExec);
        error = opened.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
        if (error == 0) return opened;
        opened.Dispose();
        return null;
    }

    private static nint Number => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 298 : 241;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial SafeFileHandle OpenEvent(
        nint number, in PerfEventAttributes attributes, nint thread, nint cpu, nint group, nint flags);

    // With a transition: it waits while another process opens or closes events of this thread.
    [LibraryImport("libc", EntryPoint = "read")]
    public static partial nint Read(SafeFileHandle group, Span<long> words, nint bytes);
}
