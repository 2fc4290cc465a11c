using System.Buffers.Binary;
using System.Globalization;

namespace Observatory.Collector;

/// <summary>
/// Judges a block of event descriptions: the library behind it takes memory for as many fields as a description announces,
/// before it has seen one.
/// </summary>
/// <remarks>
/// <code>
/// block:        header length 2, flags 2, rest of the header { event }
/// event:        flags 1, what they say, payload
/// description:  id 4, provider, event id 4, name, keywords 8, version 4, level 4, fields { length 4, kind 1, that many bytes }
/// fields:       count 4 { type 4, of an array the type of its elements, of an object fields; name }
/// </code>
/// Texts are UTF-16 and end with a zero. See <see cref="BoundedStream"/> for the source.
/// </remarks>
internal ref struct MetadataCheck
{
    private const int LeastField = 4 + 2;
    private const int Object = 1;
    private const int Array = 19;
    private const int Deepest = 8;
    private const byte ParametersOfVersion2 = 2;

    private ReadOnlySpan<byte> _rest;

    /// <summary>What is wrong with a block; null when it can be believed.</summary>
    /// <param name="block">The block behind its length.</param>
    public static string? Problem(ReadOnlySpan<byte> block)
    {
        try
        {
            Judge(block);
            return null;
        }
        catch (FormatException found)
        {
            return found.Message;
        }
    }

    private static void Judge(ReadOnlySpan<byte> block)
    {
        if (block.Length < 4) return;
        int header = BinaryPrimitives.ReadInt16LittleEndian(block);
        bool isCompressed = (block[2] & 1) != 0;
        if (header < 4 || header > block.Length) throw new FormatException($"a block has a header of {header} bytes");
        if (!isCompressed) throw new FormatException("event descriptions have a layout that no runtime sends");
        var events = new MetadataCheck { _rest = block[header..] };
        int payload = 0;
        while (events._rest.Length > 0)
        {
            payload = events.SkipEventHeader(payload);
            new MetadataCheck { _rest = events.Take(payload) }.JudgeDescription();
        }
    }

    /// <returns>How long the payload is: as before, where it is not said.</returns>
    private int SkipEventHeader(int payload)
    {
        byte flags = Take(1)[0];
        if ((flags & 1) != 0) SkipVariable();
        if ((flags & 2) != 0)
        {
            SkipVariable();
            SkipVariable();
            SkipVariable();
        }

        if ((flags & 4) != 0) SkipVariable();
        if ((flags & 8) != 0) SkipVariable();
        SkipVariable();
        if ((flags & 16) != 0) Take(16);
        if ((flags & 32) != 0) Take(16);
        return (flags & 128) != 0 ? (int)Math.Min(SkipVariable(), int.MaxValue) : payload;
    }

    private void JudgeDescription()
    {
        Take(4);
        SkipText();
        Take(4);
        SkipText();
        Take(8 + 4 + 4);
        SkipFields(depth: 0);
        while (_rest.Length > 0)
        {
            int length = Number();
            byte kind = Take(1)[0];
            var tagged = new MetadataCheck { _rest = Take(length) };
            if (kind == ParametersOfVersion2) tagged.Count();
        }
    }

    private void SkipFields(int depth)
    {
        if (depth > Deepest) throw new FormatException($"an event has objects in objects, more than {Deepest} deep");
        for (int left = Count(); left > 0; left--)
        {
            int type = Number();
            for (int arrays = 0; type == Array && arrays < Deepest; arrays++) type = Number();
            if (type == Object) SkipFields(depth + 1);
            SkipText();
        }
    }

    private int Count()
    {
        int count = Number();
        return count >= 0 && count <= _rest.Length / LeastField
            ? count
            : throw new FormatException(string.Create(
                CultureInfo.InvariantCulture, $"an event of {count:N0} fields is announced in {_rest.Length:N0} bytes"));
    }

    private int Number() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    /// <summary>Seven bits a byte, the lowest first.</summary>
    private ulong SkipVariable()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte next = Take(1)[0];
            if (shift < 64) value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }

        throw new FormatException("a number is too long");
    }

    private void SkipText()
    {
        while (BinaryPrimitives.ReadUInt16LittleEndian(Take(2)) != 0)
        {
        }
    }

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (bytes < 0 || bytes > _rest.Length) throw new FormatException("event descriptions end too early");
        ReadOnlySpan<byte> taken = _rest[..bytes];
        _rest = _rest[bytes..];
        return taken;
    }
}
