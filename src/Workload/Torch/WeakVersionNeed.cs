using System.Buffers.Binary;
using System.Text;

namespace Observatory.Workload;

/// <summary>
/// Marks one version that an ELF file needs as weak, so that the dynamic linker accepts a library without it. Layouts:
/// elf(5); <c>VER_FLG_WEAK</c>: Drepper, ELF Symbol Versioning.
/// </summary>
/// <remarks>
/// Right only where no code reaches a symbol of that version; docs/adr/0004 says why that is so here.
/// </remarks>
internal static class WeakVersionNeed
{
    private const ushort WeakFlag = 2;
    private const int AuxFlags = 4;
    private const int AuxName = 8;
    private const int AuxNext = 12;
    private const int NeedAux = 8;
    private const int NeedNext = 12;

    /// <summary>A copy of the file in which the version is weak; equal to the file where it is so already.</summary>
    /// <param name="file">A 64-bit little-endian ELF file.</param>
    /// <param name="version">For example <c>GLIBCXX_3.4.32</c>.</param>
    /// <exception cref="InvalidDataException">It is not such a file, or does not need the version.</exception>
    public static byte[] Mark(ReadOnlySpan<byte> file, string version)
    {
        byte[] copy = file.ToArray();
        try
        {
            Span<byte> flags = copy.AsSpan(FindAux(copy, version) + AuxFlags);
            ushort value = BinaryPrimitives.ReadUInt16LittleEndian(flags);
            BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(value | WeakFlag));
            return copy;
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new InvalidDataException("The ELF file ends before its sections do.");
        }
    }

    /// <summary>Offset of the entry that names the version, in the two-level list of the section.</summary>
    private static int FindAux(ReadOnlySpan<byte> file, string version)
    {
        ElfSections sections = ElfSections.Read(file);
        ElfSection needs = sections.Single(ElfSections.VersionNeeds);
        int names = sections[needs.Link].Offset;
        for (int need = needs.Offset; ; need = Next(file, need, NeedNext))
        {
            for (int aux = need + ReadInt32(file, need + NeedAux); ; aux = Next(file, aux, AuxNext))
            {
                if (NameIs(file, names + ReadInt32(file, aux + AuxName), version)) return aux;
                if (ReadInt32(file, aux + AuxNext) == 0) break;
            }

            if (ReadInt32(file, need + NeedNext) == 0) break;
        }

        throw new InvalidDataException($"The ELF file does not need version {version}.");
    }

    /// <summary>Links are relative and lead forward; one that does not would be followed for ever.</summary>
    private static int Next(ReadOnlySpan<byte> file, int entry, int link)
    {
        int distance = ReadInt32(file, entry + link);
        return distance > 0 ? entry + distance : throw new InvalidDataException("The ELF version list is broken.");
    }

    private static bool NameIs(ReadOnlySpan<byte> file, int offset, string name)
    {
        ReadOnlySpan<byte> rest = file[offset..];
        return rest.Length > name.Length && rest[name.Length] == 0
            && rest[..name.Length].SequenceEqual(Encoding.ASCII.GetBytes(name));
    }

    private static int ReadInt32(ReadOnlySpan<byte> file, int offset) =>
        BinaryPrimitives.ReadInt32LittleEndian(file[offset..]);
}

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

/// <summary>What is needed of an ELF section header.</summary>
/// <param name="Type"><c>sh_type</c>.</param>
/// <param name="Offset">Where the section starts in the file, in bytes.</param>
/// <param name="Link">Index of the section that holds its names.</param>
internal readonly record struct ElfSection(uint Type, int Offset, int Link);
