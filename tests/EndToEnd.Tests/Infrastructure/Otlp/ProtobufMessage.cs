using System.Buffers.Binary;
using System.Text;

namespace Observatory.EndToEnd.Tests;

/// <summary>The fields of one protobuf message. Enough to read OTLP without generated code.</summary>
/// <remarks>https://protobuf.dev/programming-guides/encoding/</remarks>
internal sealed class ProtobufMessage
{
    private readonly List<(int Number, ReadOnlyMemory<byte> Bytes)> _fields = [];

    /// <exception cref="FormatException">The bytes are no message.</exception>
    public ProtobufMessage(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            ulong key = Varint(ref bytes);
            int length = (key & 7) switch
            {
                0 => VarintLength(bytes),
                1 => sizeof(ulong),
                2 => checked((int)Varint(ref bytes)),
                5 => sizeof(uint),
                _ => throw new FormatException($"Wire type {key & 7} is not in use any more."),
            };
            if (length > bytes.Length) throw new FormatException("The message ends inside a field.");
            _fields.Add(((int)(key >> 3), bytes[..length]));
            bytes = bytes[length..];
        }
    }

    /// <summary>The messages in the fields of this number.</summary>
    public IEnumerable<ProtobufMessage> Messages(int number) => Bytes(number).Select(bytes => new ProtobufMessage(bytes));

    /// <summary>The text in the last field of this number; empty when there is none.</summary>
    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number).LastOrDefault().Span);

    /// <summary>The fixed64 in the last field of this number; null when there is none.</summary>
    public long? Fixed64(int number) => Bytes(number).LastOrDefault() is { Length: sizeof(long) } bytes
        ? BinaryPrimitives.ReadInt64LittleEndian(bytes.Span)
        : null;

    private IEnumerable<ReadOnlyMemory<byte>> Bytes(int number) =>
        _fields.Where(field => field.Number == number).Select(field => field.Bytes);

    private static ulong Varint(ref ReadOnlyMemory<byte> bytes)
    {
        int length = VarintLength(bytes);
        ulong value = 0;
        for (int n = 0; n < length; n++) value |= (ulong)(bytes.Span[n] & 0x7F) << (7 * n);
        bytes = bytes[length..];
        return value;
    }

    private static int VarintLength(ReadOnlyMemory<byte> bytes)
    {
        int last = bytes.Span.IndexOfAnyInRange((byte)0, (byte)0x7F);
        return last is >= 0 and < 10 ? last + 1 : throw new FormatException("A number does not end.");
    }
}
