using Spectre.Console;
using Spectre.Console.Rendering;

namespace Observatory.Collector;

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
            _log.Enqueue(line);
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
