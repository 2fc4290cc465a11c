using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Observatory.TruthTarget;

/// <summary>Keeps more and more of something, for the tests of soak tests.</summary>
internal sealed class Leak : IDisposable
{
    private const int Bytes = 100_000;

    /// <summary>However long a test forgets to end this program.</summary>
    private const int Most = 4_000;

    private readonly List<object> _kept = [];
    private readonly Timer? _timer;

    /// <param name="kind">managed, native or handles, a hundred times a second; null for nothing.</param>
    public Leak(string? kind)
    {
        if (kind is null) return;
        _timer = new Timer(
            _ =>
            {
                if (_kept.Count < Most) _kept.Add(Take(kind));
            },
            null,
            dueTime: 0,
            period: 10);
    }

    public void Dispose() => _timer?.Dispose();

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
