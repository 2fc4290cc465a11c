using System.Text;

namespace Observatory.Hosting.Tests;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("dotnet", "dotnet")]
    [InlineData("System.Collections.Generic.List`1[System.Int32]", "System.Collections.Generic.List`1[System.Int32]")]
    [InlineData("naïve 行列 [8, 512]", "naïve 行列 [8, 512]")]
    [InlineData("a\"b\n\u001b[31mX", "a\"b??[31mX")]
    [InlineData("\0\a\b\t\r\v\f\u007f\u0085\u009b", "??????????")]
    [InlineData("\u202Egnp.exe", "?gnp.exe")]
    [InlineData("zero\u200Bwidth\uFEFF", "zero?width?")]
    [InlineData("line\u2028paragraph\u2029", "line?paragraph?")]
    [InlineData("a whole \U0001F600 pair", "a whole \U0001F600 pair")]
    [InlineData("tag \U000E0041 pair", "tag ? pair")]
    public void Text_that_something_would_act_on_is_replaced(string? text, string clean) => Assert.Equal(clean, SafeText.Name(text));

    [Fact]
    public void Long_text_is_cut_and_says_so()
    {
        Assert.Equal(new string('x', 117) + "...", SafeText.Name(new string('x', 20_000)));
        Assert.Equal(new string('x', 120), SafeText.Name(new string('x', 120)));
    }

    [Fact]
    public void A_cut_never_splits_a_pair()
    {
        string text = string.Concat(Enumerable.Repeat("\U0001F600", 100));

        string cut = SafeText.Name("x" + text);

        Assert.True(cut.Length <= SafeText.LongestName);
        Assert.Equal(cut, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cut)));
    }

    // Not a case above: half a pair does not survive in the metadata of an assembly.
    [Fact]
    public void Half_a_pair_is_replaced() => Assert.Equal("half ? of a pair", SafeText.Name("half \uD83D of a pair"));

    [Fact]
    public void A_message_is_one_line() => Assert.Equal("first second ?[2Jthird", SafeText.Line("first\r\nsecond\n\u001b[2Jthird"));
}
