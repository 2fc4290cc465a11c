using Observatory.Hosting;
using Spectre.Console;

namespace Observatory.Collector;

/// <summary>Chooses what a person sees: a table that follows the run where there is a terminal, else lines.</summary>
internal static class Screens
{
    /// <param name="isLiveWanted">Whether a live table is wanted.</param>
    public static IScreen Choose(bool isLiveWanted) =>
        isLiveWanted && CanMoveTheCursor(AnsiConsole.Profile) ? new LiveScreen() : new PlainScreen();

    /// <summary>False for files and pipes, and for a terminal that only takes lines (TERM=dumb).</summary>
    public static bool CanMoveTheCursor(Profile profile) =>
        profile.Out.IsTerminal && profile.Capabilities.Ansi && Environment.GetEnvironmentVariable("TERM") != "dumb";
}

/// <summary>What a person sees while the collector runs.</summary>
internal interface IScreen
{
    /// <summary>Shows what there is to see until cancelled.</summary>
    /// <param name="model">What there is to see now, without log lines.</param>
    /// <param name="begun">Completes when there is something to look forward to.</param>
    /// <param name="cancellation">Ends it.</param>
    Task ShowAsync(Func<LiveModel> model, Task begun, CancellationToken cancellation);

    /// <summary>Takes a line that is to be read once there is something to look at.</summary>
    void Note(string line);

    /// <summary>Takes a log line, of the collector or of the workload.</summary>
    void Log(string line);
}

/// <summary>A table that stays in place and follows the run. Log lines show below it, the newest ones.</summary>
internal sealed class LiveScreen : IScreen
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

    public Task ShowAsync(Func<LiveModel> model, Task begun, CancellationToken cancellation) => AnsiConsole
        .Live(Build(model()))
        .Overflow(VerticalOverflow.Crop)
        .AutoClear(true)
        .StartAsync(async live =>
        {
            while (!cancellation.IsCancellationRequested)
            {
                live.UpdateTarget(Build(model()));
                await Task.Delay(Interval, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        });

    private Rows Build(LiveModel now)
    {
        lock (_entry) now = now with { Log = [.. _log] };
        return LiveView.Build(now, AnsiConsole.Profile.Width, AnsiConsole.Profile.Height);
    }
}

/// <summary>A line on standard error now and then, where there is no terminal or none is wanted.</summary>
internal sealed class PlainScreen : IScreen
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly List<string> _notes = [];

    public void Note(string line) => _notes.Add(line);

    public void Log(string line) => Console.Error.WriteLine(SafeText.Line(line));

    public async Task ShowAsync(Func<LiveModel> model, Task begun, CancellationToken cancellation)
    {
        await begun.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (begun.IsCompleted) Introduce(model());
        while (!cancellation.IsCancellationRequested)
        {
            await Task.Delay(Interval, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!cancellation.IsCancellationRequested) Report(model());
        }
    }

    /// <summary>How much each source sees, and where to find more.</summary>
    private void Introduce(LiveModel now)
    {
        foreach (SourceStatus source in now.Sources) Log($"{source.Name}: tier {source.Tier}, {source.Detail}");
        _notes.ForEach(Log);
        Log(now.Footer);
    }

    private void Report(LiveModel now)
    {
        Log(now.Verdict);
        Log($"{now.Progress}   {Header.Sources(now.Sources)}");
    }
}
