using System.Buffers.Binary;

namespace Observatory.Collector;

/// <summary>
/// The id of an activity, as the class library's tracker makes it: twelve bytes that are a path from the outermost activity
/// to this one, and four of a checksum, which are left out.
/// </summary>
/// <remarks>
/// <code>
/// nibble 0      the path ends        1-A  a number          B   what follows is a running number, not a path
/// nibble C..F   1..4 bytes follow, the lowest first
///               A number below 4096 that begins in the high half of a byte is a C, its bits 8..11, and a byte with bits 0..7:
///               of 256 and more. Of 11 to 255 that byte is missing (seen on .NET 10.0.12).
/// </code>
/// So all siblings with the numbers 11 to 255 have the same id where their parent's path ends with a whole byte, as the path of a
/// connection does: <see cref="IsShared"/>. An outermost activity begins in the low half, behind the number of the application
/// domain, and has an id of its own. The ids are those of ActivityTracker.cs (AddIdToGuid), which promises them to no one: what
/// does not parse has no ancestors.
/// </remarks>
internal readonly record struct ActivityPath(ulong First, uint Last)
{
    /// <summary>Most activities on a path: each takes half a byte at least.</summary>
    public const int MostAncestors = Nibbles;

    private const int Bytes = 12;
    private const int Nibbles = 2 * Bytes;
    private const int LargestNumber = 0xA;
    private const int Overflow = 0xB;
    private const int OneByte = 0xC;

    /// <summary>No activity.</summary>
    public bool IsNone => First == 0 && Last == 0;

    /// <summary>True where up to 245 siblings have this same id.</summary>
    public bool IsShared
    {
        get
        {
            Span<byte> path = stackalloc byte[Bytes];
            WriteTo(path);
            Span<int> ends = stackalloc int[Nibbles];
            int found = Parse(path, ends);
            int last = found == 0 ? 0 : ends[found - 1] - 2;
            return last >= 0 && last % 2 == 0 && found > 0 && path[last / 2] == OneByte << 4 && (found == 1 || ends[found - 2] == last);
        }
    }

    /// <summary>The path in an activity's id.</summary>
    public static ActivityPath From(in Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return From(bytes);
    }

    /// <summary>True when another activity is around this one.</summary>
    public bool IsInside(in ActivityPath other)
    {
        Span<ActivityPath> ancestors = stackalloc ActivityPath[MostAncestors];
        return ancestors[..Ancestors(ancestors)].Contains(other);
    }

    /// <summary>The paths of the activities around this one, the nearest first; this one is not among them.</summary>
    /// <param name="ancestors">Gets them; <see cref="MostAncestors"/> fit.</param>
    /// <returns>How many.</returns>
    public int Ancestors(Span<ActivityPath> ancestors)
    {
        Span<byte> path = stackalloc byte[Bytes];
        WriteTo(path);
        Span<int> ends = stackalloc int[Nibbles];
        int found = Parse(path, ends);
        int count = 0;
        for (int i = found - 1; i >= 0; i--)
        {
            ActivityPath ancestor = Cut(path, ends[i]);
            if (ancestor != this) ancestors[count++] = ancestor;
        }

        return count;
    }

    /// <summary>Where each number of the path ends, in nibbles. Ends where the path does, or makes no sense.</summary>
    private static int Parse(ReadOnlySpan<byte> path, Span<int> ends)
    {
        int at = 0, count = 0;
        while (at < Nibbles)
        {
            int code = NibbleAt(path, at);
            if (code is 0 or Overflow) break;
            at = code <= LargestNumber ? at + 1 : EndOfNumber(path, at, code - OneByte + 1);
            if (at > Nibbles) break;
            ends[count++] = at;
        }

        return count;
    }

    private static int EndOfNumber(ReadOnlySpan<byte> path, int at, int bytes)
    {
        bool isHigh = at % 2 == 0;
        if (isHigh && bytes == 1 && NibbleAt(path, at + 1) == 0) bytes = 0;
        return (isHigh ? at + 2 : at + 1) + (2 * bytes);
    }

    private static int NibbleAt(ReadOnlySpan<byte> path, int at) => at % 2 == 0 ? path[at / 2] >> 4 : path[at / 2] & 0xF;

    private static ActivityPath Cut(ReadOnlySpan<byte> path, int nibbles)
    {
        Span<byte> cut = stackalloc byte[Bytes];
        path[..(nibbles / 2)].CopyTo(cut);
        if (nibbles % 2 == 1) cut[nibbles / 2] = (byte)(path[nibbles / 2] & 0xF0);
        return From(cut);
    }

    private static ActivityPath From(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]));

    private void WriteTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, First);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], Last);
    }
}
