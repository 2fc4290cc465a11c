using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>The files that are written while a target is observed. None is opened before <see cref="Start"/>.</summary>
internal sealed class ObservationFiles : IDisposable
{
    /// <summary>Some ten seconds of what a busy target fills a file with.</summary>
    private const int MostWaiting = 64_000_000;

    private int _started;

    /// <param name="options">Which files are wanted.</param>
    /// <param name="log">Told in one line what is missing in them.</param>
    public ObservationFiles(ObserveOptions options, Action<string> log)
    {
        Accounts = Output("accounts", options.AccountsFile, WhenFull.Drop, log, options.AccountsRotation);
        // A hole would make everything behind it unreadable; so would a beginning without the stream's header, so it is never rotated.
        Recording = Output("nettrace", options.Runtime.Nettrace, WhenFull.End, log);
        All = [.. new[] { Accounts, Recording }.OfType<BackgroundOutput>()];
    }

    /// <summary>Every account, a line each; null where none is wanted.</summary>
    public BackgroundOutput? Accounts { get; }

    /// <summary>The bytes of the runtime's session; null where they are not wanted.</summary>
    public BackgroundOutput? Recording { get; }

    /// <summary>Those that are wanted.</summary>
    public IReadOnlyList<BackgroundOutput> All { get; }

    /// <summary>True while each has everything that was meant for it, or has it on its way.</summary>
    public bool AreComplete => All.All(output => output.IsComplete);

    /// <summary>Opens them, once.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _started, 1) == 1) return;
        foreach (BackgroundOutput output in All) output.Start();
    }

    /// <summary>Opens them when there is something to write: a workload that refuses its arguments must not cost a file.</summary>
    public async Task StartAsync(Task begun)
    {
        await begun.ConfigureAwait(false);
        Start();
    }

    public void Dispose()
    {
        foreach (BackgroundOutput output in All) output.Dispose();
    }

    private static BackgroundOutput? Output(
        string name, OutputFile? file, WhenFull whenFull, Action<string> log, OutputRotation? rotation = null) =>
        file is null ? null : new BackgroundOutput(name, file, MostWaiting, whenFull, log, rotation);
}
