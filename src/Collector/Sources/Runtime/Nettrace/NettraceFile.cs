using System.Collections.Concurrent;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>
/// A copy of the session's bytes, which any reader of .nettrace files understands. Written by a thread of its own: a slow
/// disk costs memory up to a limit, a full one ends the recording, and neither keeps the observation waiting.
/// </summary>
internal sealed class NettraceFile : IDisposable
{
    private const long MostWaitingBytes = 64_000_000;
    private readonly BlockingCollection<byte[]> _waiting = [];
    private readonly FileStream _file;
    private readonly Action<string> _log;
    private readonly Thread _writer;
    private long _waitingBytes;
    private long _written;
    private volatile string? _broken;

    /// <summary>Makes the file, or empties it.</summary>
    /// <param name="path">Where.</param>
    /// <param name="log">Told in one line when the recording ends early.</param>
    /// <exception cref="UsageException">No file can be written there.</exception>
    public NettraceFile(string path, Action<string> log)
    {
        _log = log;
        try
        {
            // No buffer: what is written is whole pieces of the stream anyway.
            _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"--nettrace '{path}' cannot be written: {refused.Message}");
        }

        _writer = new Thread(Write) { Name = "nettrace-writer", IsBackground = true };
        _writer.Start();
    }

    /// <summary>Bytes that are in the file.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>True until something kept it from being complete.</summary>
    public bool IsComplete => _broken is null;

    /// <summary>Adds what the session sent next. Never waits.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_broken is not null || bytes.IsEmpty) return;
        if (Interlocked.Add(ref _waitingBytes, bytes.Length) > MostWaitingBytes)
        {
            // A hole would make everything behind it unreadable.
            Break($"the disk is slower than the events; {MostWaitingBytes / 1_000_000} MB were waiting");
            return;
        }

        _waiting.Add(bytes.ToArray());
    }

    /// <summary>Writes what waits, and closes the file.</summary>
    public void Dispose()
    {
        if (!_waiting.IsAddingCompleted) _waiting.CompleteAdding();
        _writer.Join();
        _file.Dispose();
        _waiting.Dispose();
    }

    private void Write()
    {
        foreach (byte[] bytes in _waiting.GetConsumingEnumerable())
        {
            Interlocked.Add(ref _waitingBytes, -bytes.Length);
            if (_broken is not null) continue;
            try
            {
                _file.Write(bytes);
                Interlocked.Add(ref _written, bytes.Length);
            }
            catch (IOException failure)
            {
                Break(failure.Message);
            }
        }
    }

    private void Break(string reason)
    {
        _broken = reason;
        _log($"the recording to {_file.Name} ended after {Written} bytes, the observation goes on: {reason}");
    }
}

/// <summary>A stream that is read as it is, and whose bytes go to a recording too.</summary>
internal sealed class RecordedStream(Stream stream, NettraceFile file) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read = stream.Read(buffer);
        file.Add(buffer[..read]);
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) stream.Dispose();
        base.Dispose(disposing);
    }
}
