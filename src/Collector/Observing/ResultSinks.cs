using Observatory.Hosting;
using Observatory.Kernel;
using Spectre.Console;

namespace Observatory.Collector;

/// <summary>The sinks that remember: what is shown while it runs, and printed at the end.</summary>
/// <param name="accounts">File that every account goes to; null for none.</param>
/// <param name="names">Names of threads.</param>
/// <param name="statuses">Their tiers say what is measured.</param>
/// <param name="faultCost">What a minor page fault costs; null where that is not known.</param>
internal sealed class ResultSinks(
    BackgroundOutput? accounts, ThreadNames names, SourceStatuses statuses, FaultCost? faultCost) : IDisposable
{
    private readonly AccountLog? _log =
        accounts is null ? null : new AccountLog(accounts, statuses.Kernel, statuses.Runtime, faultCost);

    /// <summary>What a minor page fault costs; null where that is not known.</summary>
    public FaultCost? FaultCost => faultCost;

    /// <summary>Accounts by configuration.</summary>
    public AccountSummary Accounts { get; } = new(statuses.Kernel, statuses.Runtime, faultCost);

    /// <summary>The target as a whole.</summary>
    public ProcessSummary Process { get; } = new(statuses.Kernel, statuses.Runtime);

    /// <summary>Who held the CPUs.</summary>
    public PreemptorSink Preemptors { get; } = new(names, statuses.Kernel);

    /// <summary>What driving threads waited for.</summary>
    public WakerSink Wakers { get; } = new(names, statuses.Kernel);

    /// <summary>All of them.</summary>
    public IEnumerable<IFindingsSink> All => _log is null
        ? [Accounts, Process, Preemptors, Wakers]
        : [Accounts, Process, Preemptors, Wakers, _log];

    public void Dispose() => _log?.Dispose();
}

/// <summary>What is printed on standard output at the end.</summary>
/// <param name="found">What the sinks remember.</param>
/// <param name="process">The target as a whole.</param>
/// <param name="sources">Who saw all that.</param>
/// <param name="isMarked">Whether the target was seen to keep the contract.</param>
internal sealed class ObservationResults(
    ResultSinks found, Func<ProcessRow> process, IReadOnlyList<SourceStatus> sources, Func<bool> isMarked)
{
    /// <exception cref="OutputFailedException">Standard output takes nothing more.</exception>
    public void Print(bool json, TimelineCounts counts)
    {
        try
        {
            Write(json, counts);
        }
        catch (IOException failure)
        {
            throw new OutputFailedException($"The results cannot be written to standard output: {failure.Message}", failure);
        }
    }

    private void Write(bool json, TimelineCounts counts)
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
        if (Header.Unpaired(counts) is { } unpaired) Console.WriteLine(unpaired);
        if (found.Preemptors.Totals() is { Count: > 0 } waits) Console.WriteLine(Header.Preemptors(waits));
        if (found.Wakers.Totals() is { Count: > 0 } sleeps) Console.WriteLine(Header.BlockedFor(sleeps));
    }
}
