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
