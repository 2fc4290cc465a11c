namespace Observatory.Collector.Tests;

public sealed class WrappedTextTests
{
    [Theory]
    [InlineData("  51%  13 s  without a CPU: dotnet held it", null, new[] { "  51%  13 s  without a CPU: dotnet held it" })]
    [InlineData("  51%  13 s  without a CPU: dotnet held it", 42, new[] { "  51%  13 s  without a CPU: dotnet held it" })]
    [InlineData("  51%  13 s  without a CPU: dotnet held it", 41, new[] { "  51%  13 s  without a CPU: dotnet held", "    it" })]
    [InlineData("  51%  13 s  without a CPU: dotnet held it", 26, new[] { "  51%  13 s  without a", "    CPU: dotnet held it" })]
    [InlineData("a-word-that-is-wider and another", 8, new[] { "a-word-that-is-wider", "  and", "  another" })]
    [InlineData("            deep and wide", 10, new[] { "            deep", "     and", "     wide" })]
    public void Lines_break_between_words_and_what_follows_is_indented(string line, int? width, string[] expected) =>
        Assert.Equal(expected, WrappedText.Wrap(line, width));
}
