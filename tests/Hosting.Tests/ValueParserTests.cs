using System.CommandLine;
using System.Net;

namespace Observatory.Hosting.Tests;

public sealed class ValueParserTests
{
    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData(" 2m ", 120)]
    [InlineData("00:01:00", 60)]
    public void A_duration_is_a_time_above_zero(string text, double seconds) =>
        Assert.Equal(seconds, Values.Duration.Parse("--duration", text).TotalSeconds);

    [Theory]
    [InlineData("0s")]
    [InlineData("-5s")]
    [InlineData("60")]
    [InlineData("1200h")]
    [InlineData("")]
    public void Anything_else_is_refused_with_what_is_allowed(string text)
    {
        var problem = Assert.Throws<UsageException>(() => Values.Duration.Parse("WORKLOAD_DURATION", text));

        Assert.Equal(
            $"WORKLOAD_DURATION is '{text}'; give a time such as 500ms, 60s, 5m, 2h or 00:01:00, above zero and of 49 days at most.", problem.Message);
    }

    [Fact]
    public void Numbers_have_bounds_that_the_message_names()
    {
        Assert.Equal(5, Values.WholeNumber(1).Parse("--n", "5"));
        Assert.EndsWith("give a whole number of at least 1.", Refusal(() => Values.WholeNumber(1).Parse("--n", "0")), StringComparison.Ordinal);
        Assert.EndsWith("give a whole number from 1 to 4.", Refusal(() => Values.WholeNumber(1, 4).Parse("--n", "5")), StringComparison.Ordinal);
        Assert.Equal(0.025, Values.Percent.Parse("--p", "2.5%"));
        Assert.EndsWith("such as 0.5.", Refusal(() => Values.Amount.Parse("--price", "0")), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_and_lists_are_read_in_either_case_and_without_repetition()
    {
        ValueParser<int> names = Values.OneOf(("one", 1), ("two", 2), ("three", 3));

        Assert.Equal(2, names.Parse("--n", "TWO"));
        Assert.Equal("one, two or three", names.Allowed);
        Assert.Equal([3, 1], Values.ListOf(names).Parse("--n", "three, one"));
        Assert.Throws<UsageException>(() => Values.ListOf(names).Parse("--n", "one,one"));
        Assert.Throws<UsageException>(() => Values.ListOf(names).Parse("--n", "one,"));
    }

    [Fact]
    public void An_address_may_be_a_star_or_localhost()
    {
        Assert.Equal(IPAddress.Any, Values.Address.Parse("--listen", "*"));
        Assert.Equal(IPAddress.Loopback, Values.Address.Parse("--listen", "localhost"));
        Assert.Equal(IPAddress.IPv6Loopback, Values.Address.Parse("--listen", "::1"));
        Assert.Throws<UsageException>(() => Values.Address.Parse("--listen", "here"));
    }

    /// <summary>The library would name a type of .NET.</summary>
    [Fact]
    public async Task A_value_that_the_library_refuses_is_refused_in_the_same_pattern()
    {
        var root = new RootCommand { new Option<int?>("--pid"), new Option<double>("--share") };

        Assert.Equal("program: --pid is 'x'; give a whole number. See --help.", await ErrorAsync(root, "--pid", "x"));
        Assert.Equal("program: --share is 'much'; give a number. See --help.", await ErrorAsync(root, "--share=much"));
    }

    private static async Task<string> ErrorAsync(RootCommand root, params string[] arguments)
    {
        TextWriter before = Console.Error;
        using var errors = new StringWriter();
        try
        {
            Console.SetError(errors);
            Assert.Equal(ExitCodes.WrongUsage, await CommandLineRunner.RunAsync("program", root, arguments));
        }
        finally
        {
            Console.SetError(before);
        }

        return errors.ToString().TrimEnd();
    }

    private static string Refusal(Action parse) => Assert.Throws<UsageException>(parse).Message;
}
