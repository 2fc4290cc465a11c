namespace Observatory.Kernel.Tests;

public sealed class ResidentMemoryTests
{
    [Fact]
    public void The_second_number_is_resident_pages()
    {
        Assert.True(ResidentMemory.TryParse("66023 31514 20017 24 0 12171 0\n", pageSize: 4096, out long bytes));
        Assert.Equal(31514 * 4096L, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("66023")]
    [InlineData("66023 x 1")]
    [InlineData("0 0 0 0 0 0 0\n")]
    public void What_is_no_such_line_or_of_a_process_without_memory_is_refused(string line) =>
        Assert.False(ResidentMemory.TryParse(line, pageSize: 4096, out _));

    [Fact]
    public void This_process_has_some() => Assert.True(ResidentMemory.TryRead(Environment.ProcessId, out long bytes) && bytes > 1_000_000);

    [Fact]
    public void A_process_that_is_gone_has_none() => Assert.False(ResidentMemory.TryRead(int.MaxValue, out _));
}
