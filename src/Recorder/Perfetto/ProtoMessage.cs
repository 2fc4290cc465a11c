using Google.Protobuf;

namespace Observatory.Recorder;

/// <summary>A protobuf message under construction, or the values of a packed field; used again after each time it was taken over.</summary>
internal sealed class ProtoMessage : IDisposable
{
    private readonly MemoryStream _bytes = new();
    private readonly CodedOutputStream _output;

    public ProtoMessage() => _output = new CodedOutputStream(_bytes, leaveOpen: true);

    /// <summary>Bytes written.</summary>
    public int Length
    {
        get
        {
            _output.Flush();
            return (int)_bytes.Length;
        }
    }

    public ProtoMessage Number(int field, long value)
    {
        _output.WriteTag(field, WireFormat.WireType.Varint);
        _output.WriteInt64(value);
        return this;
    }

    public ProtoMessage Fixed(int field, ulong value)
    {
        _output.WriteTag(field, WireFormat.WireType.Fixed64);
        _output.WriteFixed64(value);
        return this;
    }

    public ProtoMessage Text(int field, string value)
    {
        _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        _output.WriteString(value);
        return this;
    }

    /// <summary>Takes over another message, or the values of a packed field, and empties it.</summary>
    public ProtoMessage Take(int field, ProtoMessage other)
    {
        int length = other.Length;
        _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        _output.WriteLength(length);
        Append(other);
        return this;
    }

    /// <summary>Takes over the fields of another message as its own, and empties it.</summary>
    public void Append(ProtoMessage other)
    {
        int length = other.Length;
        _output.Flush();
        _bytes.Write(other._bytes.GetBuffer(), 0, length);
        other.Clear();
    }

    /// <summary>One more value of a packed field.</summary>
    public void Pack(long value) => _output.WriteInt64(value);

    public void Clear()
    {
        _output.Flush();
        _bytes.SetLength(0);
    }

    /// <summary>Writes what there is and empties it.</summary>
    public void MoveTo(Stream output)
    {
        int length = Length;
        output.Write(_bytes.GetBuffer(), 0, length);
        Clear();
    }

    public void Dispose()
    {
        _output.Dispose();
        _bytes.Dispose();
    }
}
