using System.Buffers.Binary;
using System.Text;

namespace Observatory.Workload.Tests;

public sealed class WeakVersionNeedTests
{
    private static readonly byte[] Tiny = TinyElf.Build("GLIBCXX_3.4.3", TorchLoader.Version, "GLIBC_2.34");

    [Theory]
    [InlineData(TorchLoader.Version, TinyElf.SecondFlags)]
    [InlineData("GLIBC_2.34", TinyElf.ThirdFlags)]
    public void Only_the_flag_of_the_named_version_changes(string version, int flags)
    {
        byte[] marked = WeakVersionNeed.Mark(Tiny, version);

        Assert.Equal([flags], Differences(Tiny, marked));
        Assert.Equal(2, marked[flags]);
    }

    [Fact]
    public void A_version_that_is_weak_already_stays_so()
    {
        byte[] once = WeakVersionNeed.Mark(Tiny, TorchLoader.Version);

        Assert.Equal(once, WeakVersionNeed.Mark(once, TorchLoader.Version));
    }

    [Theory]
    [InlineData("GLIBCXX_3.4.31")]
    [InlineData("GLIBCXX_3.4.3")]
    [InlineData("GLIBCXX_3.4.322")]
    public void A_version_is_found_by_its_whole_name(string version)
    {
        if (version == "GLIBCXX_3.4.3") Assert.NotEmpty(Differences(Tiny, WeakVersionNeed.Mark(Tiny, version)));
        else Assert.Throws<InvalidDataException>(() => WeakVersionNeed.Mark(Tiny, version));
    }

    [Fact]
    public void Every_truncation_is_refused_and_none_is_read_beyond()
    {
        Assert.All(
            Enumerable.Range(0, Tiny.Length - 23),
            length => Assert.Throws<InvalidDataException>(
                () => WeakVersionNeed.Mark(Tiny.AsSpan(0, length), TorchLoader.Version)));
    }

    [Fact]
    public void A_list_that_leads_back_is_refused()
    {
        byte[] broken = [.. Tiny];
        broken.AsSpan(TinyElf.Needs + 16 + 12, 4).Fill(0xF0);

        Assert.Throws<InvalidDataException>(() => WeakVersionNeed.Mark(broken, TorchLoader.Version));
    }

    [Fact]
    public void In_the_real_library_one_byte_changes()
    {
        byte[] real = File.ReadAllBytes(new TorchLibraries(WorkloadProcess.Folder).Find(TorchLibraries.Binding));

        byte[] marked = WeakVersionNeed.Mark(real, TorchLoader.Version);

        int flag = Assert.Single(Differences(real, marked));
        Assert.Equal((0, 2), (real[flag], marked[flag]));
    }

    private static List<int> Differences(byte[] left, byte[] right)
    {
        Assert.Equal(left.Length, right.Length);
        return [.. Enumerable.Range(0, left.Length).Where(n => left[n] != right[n])];
    }
}

/// <summary>
/// The smallest ELF file with versions that it needs: header, string table, two entries of <c>.gnu.version_r</c>
/// (the first with two versions), section headers.
/// </summary>
internal static class TinyElf
{
    public const int Names = 64;
    public const int Needs = 128;
    public const int SectionTable = 256;

    /// <summary>Where the flags of the second version of the first entry are.</summary>
    public const int SecondFlags = Needs + 16 + 16 + 4;

    /// <summary>Where the flags of the only version of the second entry are.</summary>
    public const int ThirdFlags = Needs + 48 + 16 + 4;

    public static byte[] Build(string first, string second, string third)
    {
        byte[] file = new byte[SectionTable + (3 * 64)];
        Header(file);
        string names = $"\0{first}\0{second}\0{third}\0";
        Encoding.ASCII.GetBytes(names).CopyTo(file, Names);
        Need(file, Needs, versions: 2, next: 48);
        Version(file, Needs + 16, 1, next: 16);
        Version(file, Needs + 32, 2 + first.Length, next: 0);
        Need(file, Needs + 48, versions: 1, next: 0);
        Version(file, Needs + 64, 3 + first.Length + second.Length, next: 0);
        return file;
    }

    private static void Header(byte[] file)
    {
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(40), SectionTable);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(58), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(60), 3);
        Section(file, 1, type: 3, Names, link: 0);
        Section(file, 2, type: 0x6ffffffe, Needs, link: 1);
    }

    private static void Section(byte[] file, int index, uint type, int offset, int link)
    {
        Span<byte> header = file.AsSpan(SectionTable + (index * 64));
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], type);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], (ulong)offset);
        BinaryPrimitives.WriteInt32LittleEndian(header[40..], link);
    }

    private static void Need(byte[] file, int at, ushort versions, int next)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at + 2), versions);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at + 8), 16);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at + 12), next);
    }

    private static void Version(byte[] file, int at, int name, int next)
    {
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at + 8), name);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at + 12), next);
    }
}
