using Observatory.Collector.Sinks.Summary;
using Observatory.Collector.Sources;

namespace Observatory.Collector.Sinks.Terminal;

/// <summary>A line on standard error now and then, where there is no terminal or none is wanted.</summary>
internal sealed class PlainScreen(AccountSummary summary, IReadOnlyList<SourceStatus> sources) : IScreen
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public void Log(string line) => Console.Error.WriteLine(line);

    public async Task ShowAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            await Task.Delay(Interval, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!cancellation.IsCancellationRequested) Log($"{Header.Totals(summary.Rows())}   {Header.Sources(sources)}");
        }
    }
}
