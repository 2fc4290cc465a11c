namespace Observatory.Kernel.Tests;

public sealed class CpuListTests
{
    [Theory]
    [InlineData("0\n", new[] { 0 })]
    [InlineData("0-1,4\n", new[] { 0, 1, 4 })]
    [InlineData("0-3,8-11", new[] { 0, 1, 2, 3, 8, 9, 10, 11 })]
    [InlineData("4,0-1,1", new[] { 0, 1, 4 })]
    [InlineData("", new int[0])]
    public void Ranges_and_numbers_are_listed_in_order(string text, int[] expected)
    {
        Assert.True(CpuList.TryParse(text, out int[] cpus));
        Assert.Equal(expected, cpus);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("3-1")]
    [InlineData("-1")]
    [InlineData("0-")]
    [InlineData("0-99999999")]
    public void Other_text_is_no_list(string text) => Assert.False(CpuList.TryParse(text, out _));
}
