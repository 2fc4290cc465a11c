namespace Observatory.Hosting.Tests;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("60s", 60_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("5m", 300_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData(" 2h ", 7_200_000)]
    [InlineData("00:01:00", 60_000)]
    [InlineData("0:00:00.25", 250)]
    public void A_number_with_a_unit_or_a_time_span(string text, double milliseconds) =>
        Assert.Equal(milliseconds, DurationText.Parse(text)!.Value.TotalMilliseconds);

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("ms")]
    [InlineData("60")]
    [InlineData("1d")]
    [InlineData("1,5s")]
    [InlineData("1e400s")]
    [InlineData("NaNs")]
    [InlineData("999999999999999999h")]
    [InlineData("1:2:3:4:5")]
    public void Anything_else_is_none(string text) => Assert.Null(DurationText.Parse(text));
}
