using Spectre.Console;

namespace Observatory.Collector;

/// <summary>What is printed on standard output at the end.</summary>
/// <param name="found">What the sinks remember.</param>
/// <param name="process">The target as a whole.</param>
/// <param name="sources">Who saw all that.</param>
/// <param name="isMarked">Whether the target was seen to keep the contract.</param>
internal sealed class Results(
    ResultSinks found, Func<ProcessRow> process, IReadOnlyList<SourceStatus> sources, Func<bool> isMarked)
{
    public void Print(bool json, TimelineCounts counts)
    {
        IReadOnlyList<SummaryRow> rows = found.Accounts.Rows();
        if (json)
        {
            Console.WriteLine(AccountsJson.Write(
                rows, sources, counts, found.Preemptors.Totals(), process(), found.Wakers.Totals(), found.FaultCost));
            return;
        }

        if (rows.Count == 0) NoIterations.Write(Console.Out, sources, process(), isMarked());
        else if (AnsiConsole.Profile.Out.IsTerminal) AnsiConsole.Write(RichTable.Build(rows, sources, int.MaxValue));
        else PlainTable.Write(Console.Out, rows, sources);
        if (found.Preemptors.Totals() is { Count: > 0 } waits) Console.WriteLine(Header.Preemptors(waits));
        if (found.Wakers.Totals() is { Count: > 0 } sleeps) Console.WriteLine(Header.BlockedFor(sleeps));
    }
}
