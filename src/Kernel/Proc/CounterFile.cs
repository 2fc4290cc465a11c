using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace Observatory.Kernel;

/// <summary>
/// A small file of the kernel that is read again and again. It stays open, and reading it allocates nothing: a garbage
/// collection must not come from looking for one.
/// </summary>
public sealed class CounterFile : IDisposable
{
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

    /// <summary>The number after the first occurrence of a name and a blank; null when there is none.</summary>
    /// <param name="name">Ends with a blank; empty for the very beginning.</param>
    /// <param name="skipped">Numbers to pass over, each followed by one blank.</param>
    public long? Number(ReadOnlySpan<byte> name, int skipped = 0)
    {
        Span<byte> buffer = stackalloc byte[1024];
        try
        {
            return Number(buffer[..RandomAccess.Read(_handle, buffer, fileOffset: 0)], name, skipped);
        }
        catch (IOException)
        {
            // The thread or the cgroup is gone.
            return null;
        }
    }

    /// <summary>The same in a text that was read already.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">Ends with a blank; empty for the very beginning.</param>
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
