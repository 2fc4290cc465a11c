using System.Diagnostics;
using Observatory.Hosting;
using Observatory.Kernel;
using Spectre.Console;

namespace Observatory.Collector;

/// <summary>The sinks that remember: what is shown while it runs, and printed at the end.</summary>
/// <param name="causes">Why it takes as long as it does.</param>
/// <param name="accounts">File that every account goes to; null for none.</param>
/// <param name="names">Names of threads.</param>
/// <param name="statuses">Their tiers say what is measured.</param>
/// <param name="faultCost">What a minor page fault costs; null where that is not known.</param>
internal sealed class ResultSinks(
    CauseSink causes, BackgroundOutput? accounts, ThreadNames names, SourceStatuses statuses, FaultCost? faultCost) : IDisposable
{
    private readonly AccountLog? _log =
        accounts is null ? null : new AccountLog(accounts, statuses.Kernel, statuses.Runtime, faultCost, causes);

    /// <summary>Why it takes as long as it does.</summary>
    public CauseSink Causes => causes;

    /// <summary>What a minor page fault costs; null where that is not known.</summary>
    public FaultCost? FaultCost => faultCost;

    /// <summary>Accounts by configuration.</summary>
    public AccountSummary Accounts { get; } = new(statuses.Kernel, statuses.Runtime, faultCost);

    /// <summary>The target as a whole.</summary>
    public ProcessSummary Process { get; } = new(statuses.Kernel, statuses.Runtime);

    /// <summary>What held the CPUs.</summary>
    public PreemptorSink Preemptors { get; } = new(names, statuses.Kernel);

    /// <summary>What driving threads waited for.</summary>
    public WakerSink Wakers { get; } = new(names, statuses.Kernel);

    /// <summary>All of them; causes before those that write them down.</summary>
    public IEnumerable<IFindingsSink> All => _log is null
        ? [Causes, Accounts, Process, Preemptors, Wakers]
        : [Causes, Accounts, Process, Preemptors, Wakers, _log];

    public void Dispose() => _log?.Dispose();
}

/// <summary>What is printed on standard output at the end.</summary>
/// <param name="found">What the sinks remember.</param>
/// <param name="process">The target as a whole.</param>
/// <param name="sources">Where all that was seen.</param>
/// <param name="isMarked">Whether the target was seen to keep the contract.</param>
/// <param name="units">What is known of requests besides their accounts.</param>
/// <param name="effect">What observing does to the target; null where that is not measured.</param>
internal sealed class ObservationResults(
    ResultSinks found, Func<ProcessRow> process, IReadOnlyList<SourceStatus> sources, Func<bool> isMarked, UnitObservation units, ObserverEffect? effect)
{
    private const double LeastShown = 0.01;
    private const int MostShown = 8;
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();

    /// <summary>What there is to see now.</summary>
    /// <param name="duration">How long it will be observed; null until it ends.</param>
    /// <param name="footer">Where to find more.</param>
    public LiveModel Look(TimeSpan? duration, string footer)
    {
        IReadOnlyList<SummaryRow> rows = found.Accounts.Rows();
        WhyReport why = Why(deep: false);
        return new LiveModel(
            why.Verdict,
            Header.Progress(_elapsed.Elapsed, duration, rows),
            rows,
            why.Causes,
            sources,
            [.. ProcessTable.Lines(process()), .. ProcessTable.CauseLines(why)],
            [],
            footer);
    }

    /// <summary>Why it takes as long as it does, up to now.</summary>
    /// <param name="deep">Also compare slow units with the others.</param>
    public WhyReport Why(bool deep) => WhyReport.Create(found.Causes.Snapshot(), process().Pool.Wall.Seconds, deep);

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
                rows, sources, counts, found.Preemptors.Totals(), process(), found.Wakers.Totals(), found.FaultCost, Why(deep: true), units, effect?.Finding()));
            return;
        }

        WhyReport why = Why(deep: false);
        if (rows.Count == 0)
        {
            NoIterations.Write(Console.Out, sources, process(), isMarked(), why);
            WriteEffect();
            return;
        }

        Console.WriteLine(why.Verdict);
        if (Screens.CanMoveTheCursor(AnsiConsole.Profile)) WriteTable(rows);
        else PlainTable.Write(Console.Out, rows, sources);
        if (Header.Unpaired(counts) is { } unpaired) Console.WriteLine(unpaired);
        if (Header.Doubted(counts) is { } doubted) Console.WriteLine(doubted);
        IEnumerable<string> causes = why.Causes.Where(line => line.Share >= LeastShown).Take(MostShown).Select(line => line.Sentence);
        foreach (string line in causes.Concat(ProcessTable.CauseLines(why)).SelectMany(line => WrappedText.Wrap(line, Terminal.Width))) Console.WriteLine(line);
        WriteEffect();
        Console.WriteLine("why, in sentences and by configuration: --accounts FILE, then `why FILE`; while it runs: `why`");
    }

    private void WriteEffect()
    {
        if (effect is null) return;
        foreach (string line in WrappedText.Wrap(effect.Finding().Sentence, Terminal.Width)) Console.WriteLine(line);
    }

    private void WriteTable(IReadOnlyList<SummaryRow> rows)
    {
        Console.WriteLine(Header.Sources(sources));
        foreach (string trouble in Header.Troubles(sources)) Console.WriteLine(trouble);
        Console.WriteLine(Header.Totals(rows));
        AnsiConsole.Write(new Rows(RichTable.Build(rows, AnsiConsole.Profile.Width, int.MaxValue)));
    }
}
