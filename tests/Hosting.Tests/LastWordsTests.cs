using System.CommandLine;

namespace Observatory.Hosting.Tests;

/// <summary>An exception that nothing expects ends in a line that says what it was, also where its own text cannot be made.</summary>
public sealed class LastWordsTests
{
    [Fact]
    public void The_line_has_the_type_and_the_message_in_one_line()
    {
        string line = LastWords.Of("collector", LastWords.Defect, new InvalidOperationException("first\nsecond\u001b[31m"));
        Assert.StartsWith("collector: ended by an internal error, please report it: System.InvalidOperationException: first", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        Assert.DoesNotContain('\u001b', line);
    }

    [Fact]
    public void An_exception_that_cannot_be_told_is_named_all_the_same()
    {
        Assert.Contains($"{typeof(Untold).FullName}: (its text could not be made: {typeof(NotSupportedException).FullName})", LastWords.Of("x", "y", new Untold()), StringComparison.Ordinal);
        Assert.Contains(typeof(NotSupportedException).FullName!, LastWords.StackOf(new Untold()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_fails_unexpectedly_ends_with_a_finding()
    {
        var root = new RootCommand();
        root.SetAction((_, _) => throw new Untold());
        Assert.Equal(ExitCodes.Finding, await CommandLineRunner.RunAsync("tests", root, []));
    }

    private sealed class Untold : Exception
    {
        public override string Message => throw new NotSupportedException();

        public override string ToString() => throw new NotSupportedException();
    }
}
