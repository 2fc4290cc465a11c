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
