using System.CommandLine;
using Observatory.Hosting;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>The <c>compare</c> command: whether a second run is faster or slower than a first.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var before = new Argument<string>("A") { Description = "A file of sweep --results: what to compare with." };
        var after = new Argument<string>("B") { Description = "A file of sweep --results: what is to be compared." };
        var fail = new Option<bool>("--fail-on-regression") { Description = "Exit code 1 when any configuration is slower." };
        var ignore = new Option<bool>("--ignore-machine") { Description = "Compare runs of different machines." };
        var command = new Command("compare", "Say where run B is faster or slower than run A, and where nothing can be told.")
        {
            before, after, fail, ignore,
        };
        command.SetAction(parsed =>
        {
            StudyComparison comparison = Compare(
                parsed.GetRequiredValue(before), parsed.GetRequiredValue(after), parsed.GetValue(ignore));
            OutputFile.StandardOutput.Write(ComparisonReport.Markdown(comparison));
            return parsed.GetValue(fail) && comparison.HasRegression ? ExitCodes.Finding : ExitCodes.Done;
        });
        return command;
    }

    /// <exception cref="UsageException">The two cannot be compared.</exception>
    private static StudyComparison Compare(string before, string after, bool ignoreMachine)
    {
        StudyFindings first = ResultsFile.Find(before);
        StudyFindings second = ResultsFile.Find(after);
        if (!ignoreMachine && !StudyComparison.IsSameMachine(first, second))
        {
            throw new UsageException(
                $"'{before}' and '{after}' were made on different machines; run both on one, or add --ignore-machine.");
        }

        try
        {
            return StudyComparison.Between(first, second);
        }
        catch (ResultsFormatException problem)
        {
            throw new UsageException($"'{before}' and '{after}' cannot be compared: {problem.Message}.");
        }
    }
}
