using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Observatory.Contract;

namespace Observatory.TruthTarget;

/// <summary>Keeps more and more of something, for the tests of soak tests.</summary>
internal sealed class Leak : IDisposable
{
    private const int Bytes = 100_000;

    /// <summary>However long a test forgets to end this program.</summary>
    private const int Most = 4_000;

    private const int BetweenCollections = 5;

    private readonly List<object> _kept = [];
    private readonly Timer? _timer;
    private int _ticks;

    /// <param name="kind">managed, native or handles, a hundred times a second while it is observed; nothing; null for not even collections.</param>
    public Leak(string? kind)
    {
        if (kind is not null) _timer = new Timer(_ => Keep(kind), null, dueTime: 0, period: 10);
    }

    public void Dispose() => _timer?.Dispose();

    private void Keep(string kind)
    {
        // Callbacks of a timer that are late come at once.
        lock (_kept)
        {
            if (!WorkloadEventSource.Log.IsEnabled()) return;
            if (kind != "nothing" && _kept.Count < Most) _kept.Add(Take(kind));
            // There is hardly any garbage here, and how large the heap is, is told by collections.
            if (++_ticks % BetweenCollections == 0) GC.Collect(0);
        }
    }

    private static object Take(string kind) => kind switch
    {
        "managed" => Managed(),
        "native" => new Native(),
        "handles" => File.OpenHandle("/dev/null"),
        _ => throw new ArgumentException($"{kind} is nothing that could be kept"),
    };

    private static byte[] Managed()
    {
        byte[] bytes = new byte[Bytes];
        // What was never touched is not resident.
        Array.Fill(bytes, (byte)1);
        return bytes;
    }

    private sealed class Native : SafeHandleZeroOrMinusOneIsInvalid
    {
        public unsafe Native()
            : base(ownsHandle: true)
        {
            SetHandle((nint)NativeMemory.Alloc(Bytes));
            // What was never touched is not resident.
            NativeMemory.Fill((void*)handle, Bytes, 1);
        }

        protected override unsafe bool ReleaseHandle()
        {
            NativeMemory.Free((void*)handle);
            return true;
        }
    }
}
