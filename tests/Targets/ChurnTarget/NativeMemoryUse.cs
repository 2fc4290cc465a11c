using System.Runtime.InteropServices;

namespace Observatory.ChurnTarget;

/// <summary>Memory that the garbage collector cannot see, as tensors are.</summary>
internal static class NativeMemoryUse
{
    /// <summary>Bytes that are held.</summary>
    public const int Bytes = 300_000_000;

    private static IntPtr _held;

    /// <summary>Holds and touches them, and lets the garbage collector say what it has.</summary>
    public static void Hold(Random random)
    {
        if (_held == IntPtr.Zero)
        {
            _held = Marshal.AllocHGlobal(Bytes);
            for (int at = 0; at < Bytes; at += 4096) Marshal.WriteByte(_held, at, 1);
        }

        GC.Collect(0);
        Pause.For(100);
    }
}
