using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Observatory.Contract;

/// <summary>
/// Reads an event's payload as EventPipe carries it: numbers little-endian and unaligned, strings as UTF-16 that end
/// with a zero character.
/// </summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> payload)
{
    private ReadOnlySpan<byte> _rest = payload;

    public bool TryReadInt64(out long value)
    {
        if (!BinaryPrimitives.TryReadInt64LittleEndian(_rest, out value)) return false;
        _rest = _rest[sizeof(long)..];
        return true;
    }

    public bool TryReadString(out string value)
    {
        ReadOnlySpan<char> characters = MemoryMarshal.Cast<byte, char>(_rest);
        int length = characters.IndexOf('\0');
        value = length < 0 ? "" : new string(characters[..length]);
        if (length < 0) return false;
        _rest = _rest[((length + 1) * sizeof(char))..];
        return true;
    }
}
