using System.CommandLine;
using Observatory.Hosting;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>The <c>compare</c> command: whether a second run is faster or slower than a first.</summary>
internal static class CompareCommand
{
    private static readonly Argument<string> Before =
        new("A") { Description = "The baseline: a file of sweep --results." };

    private static readonly Argument<string?> After = new("B")
    {
        Description = "What is compared with it: a file of sweep --results. Not with --across.", Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> Across = new("--across")
    {
        Description = "Compare within run A instead: threads, each larger number with the smallest.", HelpName = "AXIS",
    };

    private static readonly Option<string> Margin = new("--margin")
    {
        Description = "Call it no difference where the 95 % interval of the ratio lies within this. Default: 5%.", HelpName = "PERCENT",
    };

    private static readonly Option<bool> FailOnRegression =
        new("--fail-on-regression") { Description = "Exit code 1 when any configuration is slower." };

    private static readonly Option<bool> FailOnInconclusive = new("--fail-on-inconclusive")
    {
        Description = "Exit code 1 when any configuration is inconclusive.",
    };

    private static readonly Option<bool> IgnoreMachine =
        new("--ignore-machine") { Description = "Compare runs of different machines." };

    public static Command Create()
    {
        var command = new Command("compare", "Show where run B is faster or slower than run A, and what is inconclusive.")
        {
            Before, After, Across, Margin, FailOnRegression, FailOnInconclusive, IgnoreMachine,
        };
        command.SetAction(parsed =>
        {
            double margin = parsed.GetValue(Margin) is { } text ? Values.Percent.Parse(Margin.Name, text) : StudyComparison.DefaultMargin;
            IReadOnlyList<StudyComparison> comparisons = parsed.GetValue(Across) is { } axis
                ? Within(parsed, axis, margin)
                : [Between(parsed, margin)];
            OutputFile.StandardOutput.Write(parsed.GetValue(Across) is null
                ? ComparisonReport.Markdown(comparisons[0], Terminal.Width)
                : ComparisonReport.Markdown(comparisons, Terminal.Width));
            return Decide(parsed, comparisons);
        });
        return command;
    }

    private static int Decide(ParseResult parsed, IReadOnlyList<StudyComparison> comparisons)
    {
        bool regression = parsed.GetValue(FailOnRegression), inconclusive = parsed.GetValue(FailOnInconclusive);
        if (!regression && !inconclusive) return ExitCodes.Done;
        Console.Error.WriteLine(ComparisonReport.Gate(comparisons));
        return (regression && comparisons.Any(one => one.HasRegression))
            || (inconclusive && comparisons.Any(one => one.InconclusiveCount > 0))
            ? ExitCodes.Finding
            : ExitCodes.Done;
    }

    /// <exception cref="UsageException">The run has one number of threads, or a second run was given.</exception>
    private static IReadOnlyList<StudyComparison> Within(ParseResult parsed, string axis, double margin)
    {
        if (axis != "threads") throw new UsageException($"{Across.Name} is '{axis}'; give threads.");
        if (parsed.GetValue(After) is { } other)
        {
            throw new UsageException($"--across compares within one run; leave out '{other}'.");
        }

        string path = parsed.GetRequiredValue(Before);
        try
        {
            return StudyComparison.AcrossThreads(ResultsFile.Find(path), margin);
        }
        catch (ResultsFormatException problem)
        {
            throw new UsageException($"'{path}' cannot be compared across threads: {problem.Message}.");
        }
    }

    /// <exception cref="UsageException">The two cannot be compared.</exception>
    private static StudyComparison Between(ParseResult parsed, double margin)
    {
        string before = parsed.GetRequiredValue(Before);
        string after = parsed.GetValue(After)
            ?? throw new UsageException("compare needs two files, or one and --across threads.");
        StudyFindings first = ResultsFile.Find(before);
        StudyFindings second = ResultsFile.Find(after);
        if (!parsed.GetValue(IgnoreMachine) && !StudyComparison.IsSameMachine(first, second))
        {
            throw new UsageException(
                $"'{before}' and '{after}' were made on different machines; run both on one, or add --ignore-machine.");
        }

        try
        {
            return StudyComparison.Between(first, second, margin);
        }
        catch (ResultsFormatException problem)
        {
            throw new UsageException($"'{before}' and '{after}' cannot be compared: {problem.Message}.");
        }
    }
}
