using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>A stream that is read as it is, with a look at what passes. It owns the stream that it reads.</summary>
internal abstract class PassingStream(Stream stream) : Stream
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
        Look(buffer[..read]);
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>These bytes have been read, and are handed on when this returns.</summary>
    protected abstract void Look(ReadOnlySpan<byte> read);

    protected override void Dispose(bool disposing)
    {
        if (disposing) stream.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>
/// A stream that is read as it is, and whose bytes go to a recording too, which any reader of .nettrace files understands.
/// </summary>
internal sealed class RecordedStream(Stream stream, BackgroundOutput file) : PassingStream(stream)
{
    protected override void Look(ReadOnlySpan<byte> read) => file.Add(read);
}
