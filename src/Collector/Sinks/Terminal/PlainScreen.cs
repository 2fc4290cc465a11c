namespace Observatory.Collector;

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

    public void Log(string line) => Console.Error.WriteLine(line);

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
