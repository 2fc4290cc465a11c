using Observatory.Hosting;
using Spectre.Console.Rendering;
using Spectre.Console;

namespace Observatory.Collector;

/// <summary>Chooses what a person sees: a table that follows the run where there is a terminal, else lines.</summary>
internal static class Screens
{
    /// <param name="isLiveWanted">Whether a live table is wanted.</param>
    /// <param name="summary">What is shown.</param>
    /// <param name="process">What is shown while no iteration has ended.</param>
    /// <param name="sources">Who saw it.</param>
    /// <param name="address">Where metrics are served, once they are.</param>
    /// <param name="begun">Completes when there is something to look forward to.</param>
    public static IScreen Choose(
        bool isLiveWanted, AccountSummary summary, Func<ProcessRow> process, IReadOnlyList<SourceStatus> sources, Func<Uri?> address, Task begun) =>
        isLiveWanted && AnsiConsole.Profile.Out.IsTerminal
            ? new LiveScreen(summary, process, sources, () => $"metrics: {address()}   Ctrl-C to finish")
            : new PlainScreen(summary, sources, () => $"metrics: {address()}", begun);
}

/// <summary>What a person sees while the collector runs.</summary>
internal interface IScreen
{
    /// <summary>Shows what there is to see until cancelled.</summary>
    Task ShowAsync(CancellationToken cancellation);

    /// <summary>Takes a line that is to be read once there is something to look at.</summary>
    void Note(string line);

    /// <summary>Takes a log line, of the collector or of the workload.</summary>
    void Log(string line);
}

/// <summary>A table that stays in place and follows the run. Log lines show below it, the newest ones.</summary>
/// <param name="summary">What is shown.</param>
/// <param name="process">What is shown while no iteration has ended.</param>
/// <param name="sources">Who saw it.</param>
/// <param name="footer">The last line: where to find more.</param>
internal sealed class LiveScreen(
    AccountSummary summary, Func<ProcessRow> process, IReadOnlyList<SourceStatus> sources, Func<string> footer) : IScreen
{
    private const int LogLines = 3;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private readonly Lock _entry = new();
    private readonly Queue<string> _log = new();

    public void Note(string line) => Log(line);

    public void Log(string line)
    {
        lock (_entry)
        {
            _log.Enqueue(SafeText.Line(line));
            if (_log.Count > LogLines) _log.Dequeue();
        }
    }

    public Task ShowAsync(CancellationToken cancellation) => AnsiConsole
        .Live(Build())
        .Overflow(VerticalOverflow.Crop)
        .AutoClear(true)
        .StartAsync(async live =>
        {
            while (!cancellation.IsCancellationRequested)
            {
                live.UpdateTarget(Build());
                await Task.Delay(Interval, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        });

    private Rows Build()
    {
        IReadOnlyList<SummaryRow> rows = summary.Rows();
        IRenderable table = rows.Count > 0
            ? RichTable.Build(rows, sources, AnsiConsole.Profile.Height - LogLines - 1)
            : new Rows([RichTable.Sources(sources), .. ProcessTable.Lines(process()).Select(line => new Text(line))]);
        lock (_entry) return new Rows([table, .. _log.Append(footer()).Select(Quiet)]);
    }

    private static Text Quiet(string line) => new(line, new Style(Color.Grey));
}

/// <summary>A line on standard error now and then, where there is no terminal or none is wanted.</summary>
/// <param name="summary">What is shown.</param>
/// <param name="sources">Who saw it.</param>
/// <param name="heading">The first line: where to find more.</param>
/// <param name="begun">Completes when there is something to look forward to.</param>
internal sealed class PlainScreen(
    AccountSummary summary, IReadOnlyList<SourceStatus> sources, Func<string> heading, Task begun) : IScreen
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly List<string> _notes = [];

    public void Note(string line) => _notes.Add(line);

    public void Log(string line) => Console.Error.WriteLine(SafeText.Line(line));

    public async Task ShowAsync(CancellationToken cancellation)
    {
        await begun.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (begun.IsCompleted) Introduce();
        while (!cancellation.IsCancellationRequested)
        {
            await Task.Delay(Interval, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!cancellation.IsCancellationRequested) Log($"{Header.Totals(summary.Rows())}   {Header.Sources(sources)}");
        }
    }

    /// <summary>Who sees how much, and where to find more.</summary>
    private void Introduce()
    {
        foreach (SourceStatus source in sources) Log($"{source.Name}: tier {source.Tier}, {source.Detail}");
        _notes.ForEach(Log);
        Log(heading());
    }
}
