using System.Buffers;
using System.Text;

namespace Observatory.Kernel;

/// <summary>Reads the small text files of /proc, /sys and tracefs, which come and go and may be closed to us.</summary>
/// <remarks>
/// Some twenty-five of them are read each second of an observation. A .NET stream takes eight system calls for each instead of four, a lock among
/// them, and throws an exception where one has gone.
/// </remarks>
internal static class KernelText
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;
    private const int UsualBytes = 4096;

    /// <summary>Reads all of a file, as UTF-8.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">Its text; empty when it cannot be read.</param>
    /// <returns>False when there is none, it is closed to us, or what it tells of goes away while it is read.</returns>
    public static bool TryRead(string path, out string text)
    {
        text = "";
        using DescriptorHandle file = Libc.Open(path, ReadOnly | CloseOnExec);
        if (file.IsInvalid) return false;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(UsualBytes);
        try
        {
            int length = 0;
            // A short answer is not the end: the kernel may hand a long text over in pieces.
            while (Libc.Read(file, buffer.AsSpan(length), (nuint)(buffer.Length - length)) is not 0 and var read)
            {
                if (read < 0) return false;
                length += (int)read;
                if (length == buffer.Length) Grow(ref buffer);
            }

            text = Encoding.UTF8.GetString(buffer, 0, length);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Grow(ref byte[] buffer)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
