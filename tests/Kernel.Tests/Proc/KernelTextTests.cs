namespace Observatory.Kernel.Tests;

public sealed class KernelTextTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4_095)]
    [InlineData(4_096)]
    [InlineData(100_000)]
    public void A_file_is_read_to_its_end(int characters)
    {
        string written = string.Concat(Enumerable.Range(0, characters).Select(i => i % 50 == 0 ? "é" : "x"));
        File.WriteAllText(_path, written);
        Assert.True(KernelText.TryRead(_path, out string text));
        Assert.Equal(written, text);
    }

    /// <summary>The kernel hands it over in pieces of a page.</summary>
    [Fact]
    public void A_long_list_of_the_kernel_is_read_to_its_end()
    {
        Assert.True(KernelText.TryRead("/proc/kallsyms", out string text));
        Assert.True(text.Length > 100_000);
        Assert.Equal(File.ReadLines("/proc/kallsyms").Count(), text.Count(character => character == '\n'));
    }

    [Theory]
    [InlineData("/proc/0/status")]
    [InlineData("/proc")]
    [InlineData("/proc/self/mem")]
    public void What_is_not_there_or_cannot_be_read_is_no_text(string path)
    {
        Assert.False(KernelText.TryRead(path, out string text));
        Assert.Equal("", text);
    }

    [Fact]
    public void The_list_of_cpus_is_the_same_object_while_it_does_not_change()
    {
        using var list = new OnlineCpuList();
        int[] first = list.Read();
        Assert.Equal(OnlineCpus.Read(), first);
        Assert.Same(first, list.Read());
    }
}
