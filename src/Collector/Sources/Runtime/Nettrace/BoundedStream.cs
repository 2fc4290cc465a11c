using System.Buffers.Binary;
using System.Globalization;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>
/// A runtime's event stream that is read as it is, and that is not read on where it announces more than a runtime sends: the
/// library behind it takes memory for a length before it has seen a byte of what is announced.
/// </summary>
/// <remarks>
/// <code>
/// "Nettrace" 20 "!FastSerialization.1" { object } 1
/// object:  5 5 1 version least-version name-length name 6  body 6
/// body:    of "Trace" 48 bytes, of every block  length  (zeros to a multiple of 4)  that many bytes
/// </code>
/// Numbers have four bytes, tags one. The format of version 4 (github.com/microsoft/perfview,
/// src/TraceEvent/EventPipe/EventPipeFormat.md), which every runtime since .NET Core 3.0 sends to a session opened as this
/// program opens it.
/// </remarks>
internal sealed class BoundedStream(Stream stream) : PassingStream(stream)
{
    /// <summary>Longest block that is believed, in bytes: a runtime closes its blocks at some 100 kB.</summary>
    public const int MostBlock = 4 << 20;

    private const int TraceBody = 48;
    private const int MostName = 64;
    private const int Number = 4;
    private static readonly byte[] s_start = [.. "Nettrace"u8, 20, 0, 0, 0, .. "!FastSerialization.1"u8];

    // What is gathered before it can be judged: numbers, tags and names, all short.
    private readonly byte[] _gathered = new byte[MostName];
    private int _held;
    private Part _part = Part.Start;
    private int _missing = s_start.Length;
    private long _offset;
    private byte[] _kept = [];
    private int _keptLength;
    private int _padding;
    private bool _isTrace;
    private bool _isMetadata;

    private enum Part
    {
        Start,
        Tag,
        Opening,
        Name,
        Length,
        Body,
        End,
        Rest,
    }

    /// <exception cref="InvalidDataException">What was read is no stream of events, or announces too much.</exception>
    protected override void Look(ReadOnlySpan<byte> read)
    {
        while (read.Length > 0 && _part != Part.Rest)
        {
            int taken = Math.Min(_missing, read.Length);
            if (_part != Part.Body)
            {
                read[..taken].CopyTo(_gathered.AsSpan(_held));
                _held += taken;
                // What is something else altogether may never send as much as a beginning.
                if (_part == Part.Start && !s_start.AsSpan(0, _held).SequenceEqual(_gathered.AsSpan(0, _held))) throw Broken("it does not begin as one");
            }
            else if (_isMetadata)
            {
                Keep(read[..taken]);
            }

            (_missing, _offset) = (_missing - taken, _offset + taken);
            read = read[taken..];
            if (_missing == 0) Next();
        }
    }

    /// <summary>A part is there as a whole: judges it, and says what comes next.</summary>
    private void Next()
    {
        ReadOnlySpan<byte> part = _gathered.AsSpan(0, _held);
        _held = 0;
        switch (_part)
        {
            case Part.Start:
                Expect(Part.Tag, 1);
                break;
            case Part.Tag when part[0] == 1:
                _part = Part.Rest;
                break;
            case Part.Tag:
                if (part[0] != 5) throw Broken($"an object begins with {part[0]}");
                Expect(Part.Opening, 2 + (3 * Number));
                break;
            case Part.Opening:
                Expect(Part.Name, Between(part[^Number..], 1, MostName - 1, "a name") + 1);
                break;
            case Part.Name:
                _isTrace = part[..^1].SequenceEqual("Trace"u8);
                _isMetadata = part[..^1].SequenceEqual("MetadataBlock"u8);
                if (_isTrace) Expect(Part.Body, TraceBody);
                else Expect(Part.Length, Number);
                break;
            case Part.Length:
                int length = Between(part, 0, MostBlock, "a block");
                // Padding counts from the beginning of the stream.
                _padding = (int)(-_offset & (Number - 1));
                if (_padding + length == 0) Expect(Part.End, 1);
                else Expect(Part.Body, _padding + length);
                break;
            case Part.Body:
                if (_isMetadata) JudgeMetadata();
                Expect(Part.End, 1);
                break;
            case Part.End:
                if (part[0] != 6) throw Broken($"an object ends with {part[0]}");
                Expect(Part.Tag, 1);
                break;
        }
    }

    /// <summary>Event descriptions are few and come before their events; no room is made for what has not come.</summary>
    private void Keep(ReadOnlySpan<byte> read)
    {
        if (_kept.Length < _keptLength + read.Length) Array.Resize(ref _kept, Math.Max(_kept.Length * 2, _keptLength + read.Length));
        read.CopyTo(_kept.AsSpan(_keptLength));
        _keptLength += read.Length;
    }

    private void JudgeMetadata()
    {
        string? problem = MetadataCheck.Problem(_kept.AsSpan(_padding, _keptLength - _padding));
        (_kept, _keptLength) = ([], 0);
        if (problem is not null) throw Broken(problem);
    }

    private void Expect(Part part, int bytes) => (_part, _missing) = (part, bytes);

    private int Between(ReadOnlySpan<byte> number, int least, int most, string of)
    {
        int value = BinaryPrimitives.ReadInt32LittleEndian(number);
        return value >= least && value <= most
            ? value
            : throw Broken(string.Create(CultureInfo.InvariantCulture, $"{of} of {value:N0} bytes is announced (at most {most:N0} are believed)"));
    }

    private InvalidDataException Broken(string how) =>
        new(string.Create(CultureInfo.InvariantCulture, $"at byte {_offset:N0} {how}"));
}

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
    protected virtual void Look(ReadOnlySpan<byte> read)
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) stream.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>
/// Takes all that has come at once. The library behind it reads what stands before a block in ten pieces of one to ten bytes, and
/// each of them would be a call of the operating system.
/// </summary>
internal sealed class ReadAheadStream(Stream stream) : PassingStream(stream)
{
    private readonly byte[] _ahead = new byte[1 << 16];
    private int _next;
    private int _end;

    /// <summary>Bytes that were handed on.</summary>
    public long Taken { get; private set; }

    /// <summary>Waits for more only when there is nothing left of what has come.</summary>
    public override int Read(Span<byte> buffer)
    {
        if (_next == _end) (_next, _end) = (0, base.Read(_ahead));
        int taken = Math.Min(buffer.Length, _end - _next);
        _ahead.AsSpan(_next, taken).CopyTo(buffer);
        _next += taken;
        Taken += taken;
        return taken;
    }
}

/// <summary>
/// A stream that is read as it is, and whose bytes go to a recording too, which any reader of .nettrace files understands.
/// </summary>
internal sealed class RecordedStream(Stream stream, BackgroundOutput file) : PassingStream(stream)
{
    protected override void Look(ReadOnlySpan<byte> read) => file.Add(read);
}
