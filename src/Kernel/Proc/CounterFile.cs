using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace Observatory.Kernel;

/// <summary>
/// A small file of the kernel that is read again and again. It stays open, because opening it costs ten times as much as reading it, and
/// reading it allocates nothing: a garbage collection must not come from looking for one.
/// </summary>
public sealed class CounterFile : IDisposable
{
    /// <summary>Room for the files that are read this way; of /proc/stat, for what stands before the lines of single CPUs.</summary>
    public const int BufferBytes = 1024;

    private readonly SafeFileHandle _handle;

    private CounterFile(SafeFileHandle handle) => _handle = handle;

    /// <summary>Opens a file; null when it cannot be read.</summary>
    public static CounterFile? Open(string path)
    {
        try
        {
            return new CounterFile(File.OpenHandle(path));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The number after the first occurrence of a name; null when there is none.</summary>
    /// <param name="name">With what stands between it and the number; empty for the very beginning.</param>
    /// <param name="skipped">Numbers to pass over, each followed by one blank.</param>
    public long? Number(ReadOnlySpan<byte> name, int skipped = 0)
    {
        Span<byte> buffer = stackalloc byte[BufferBytes];
        return Number(Read(buffer), name, skipped);
    }

    /// <summary>Reads its text, or as much of it as there is room for; empty where the thread, the process or the cgroup is gone.</summary>
    /// <param name="buffer">Room for the text.</param>
    public ReadOnlySpan<byte> Read(Span<byte> buffer)
    {
        try
        {
            return buffer[..RandomAccess.Read(_handle, buffer, fileOffset: 0)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>The same in a text that was read already.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">With what stands between it and the number; empty for the very beginning.</param>
    /// <param name="skipped">Numbers to pass over, each followed by one blank.</param>
    public static long? Number(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, int skipped)
    {
        int start = text.IndexOf(name);
        if (start < 0) return null;
        text = text[(start + name.Length)..];
        for (; skipped > 0; skipped--) text = text[(text.IndexOf((byte)' ') + 1)..];
        return Utf8Parser.TryParse(text, out long value, out _) ? value : null;
    }

    /// <inheritdoc />
    public void Dispose() => _handle.Dispose();
}
