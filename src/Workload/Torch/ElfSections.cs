using System.Buffers.Binary;

namespace Observatory.Workload;

/// <summary>The section headers of a 64-bit little-endian ELF file, as in elf(5).</summary>
internal sealed class ElfSections
{
    /// <summary><c>SHT_GNU_verneed</c>: the versions that the file needs of other files.</summary>
    public const uint VersionNeeds = 0x6ffffffe;

    private const int TableOffset = 40;
    private const int EntrySize = 58;
    private const int EntryCount = 60;

    private readonly ElfSection[] _sections;

    private ElfSections(ElfSection[] sections) => _sections = sections;

    /// <exception cref="InvalidDataException">The bytes are no such file.</exception>
    public static ElfSections Read(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith("\u007fELF\u0002\u0001"u8))
        {
            throw new InvalidDataException("Not a 64-bit little-endian ELF file.");
        }

        int table = Offset(file[TableOffset..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(file[EntrySize..]);
        var sections = new ElfSection[BinaryPrimitives.ReadUInt16LittleEndian(file[EntryCount..])];
        for (int index = 0; index < sections.Length; index++)
        {
            sections[index] = Header(file[(table + (index * size))..]);
        }

        return new ElfSections(sections);
    }

    public ElfSection this[int index] => index >= 0 && index < _sections.Length
        ? _sections[index]
        : throw new InvalidDataException($"The ELF file has no section {index}.");

    /// <exception cref="InvalidDataException">No section is of this type, or more than one.</exception>
    public ElfSection Single(uint type)
    {
        ElfSection[] found = [.. _sections.Where(section => section.Type == type)];
        return found is [var only]
            ? only
            : throw new InvalidDataException($"The ELF file has {found.Length} sections of type 0x{type:x}, not one.");
    }

    private static ElfSection Header(ReadOnlySpan<byte> header) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(header[4..]),
        Offset(header[24..]),
        BinaryPrimitives.ReadInt32LittleEndian(header[40..]));

    /// <summary>Arrays end at 2 GiB, and so does every file this is used for.</summary>
    private static int Offset(ReadOnlySpan<byte> field)
    {
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(field);
        return offset <= int.MaxValue ? (int)offset : throw new InvalidDataException("The ELF file is beyond 2 GiB.");
    }
}
