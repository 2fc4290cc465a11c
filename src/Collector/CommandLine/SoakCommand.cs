using System.CommandLine;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary><c>soak</c>: observe for hours or days, and say whether anything grows, slows, stalls or is missing.</summary>
internal sealed class SoakCommand
{
    private static readonly TimeSpan Usual = TimeSpan.FromHours(24);

    /// <summary>What --accounts may grow to in a test of days, unless something else is said: 1.3 GB.</summary>
    private static readonly OutputRotation UsualRotation = new(Bytes: 256_000_000, Age: null, Kept: 4);

    private static readonly string[] Extensions = [".md", ".html", ".json"];

    private readonly ProcessOptions _process = new("soak", "Name of a .NET process: waited for while there is none, and followed through its restarts, which are counted.");

    private readonly ValueOption<TimeSpan> _interval = new(
        "--interval", "time", Values.Duration, "Time between two samples.", "1m");

    private readonly ValueOption<TimeSpan> _shortestTrend = new(
        "--shortest-trend",
        "time",
        Values.Duration,
        "How much time a growth must have been watched, after the warm-up, to be told as so much an hour; before, it is too short to tell.",
        "30m");

    private readonly ValueOption<TimeSpan> _fullCollections = new(
        "--full-collections",
        "time",
        Values.Duration,
        "Have the target collect all of its garbage this often, so that a leak is told from garbage within hours: pauses it each time, by the size of its heap. Without it, only the collections that it makes by itself.");

    private readonly ValueOption<string> _state = new(
        "--state",
        "file",
        Values.File,
        "Keep the samples in this file, a line each. Where it is the state of a soak test, that test goes on: the time since its last sample is a gap.");

    private readonly Option<string[]> _reports = new("--report")
    {
        Description = "Write the report to this file at the end: .md, .html or .json. Can be given several times.",
        HelpName = "file",
    };

    private readonly ObserveCommandOptions _options = new();

    /// <param name="workload">What followed <c>--</c>.</param>
    /// <param name="observe">Runs an observation.</param>
    public Command Create(string[] workload, Func<ObserveOptions, Task<int>> observe)
    {
        var soak = new Command(
            "soak", "Observe for 24 h (--duration) and say whether memory, handles, threads or latency grow, units stall or events are missing: exit code 1 if so.")
        {
            _interval, _shortestTrend, _fullCollections, _state, _reports,
        };
        _process.AddTo(soak);
        _options.AddTo(soak);
        soak.SetAction(parsed => observe(Read(parsed, workload)));
        return soak;
    }

    private ObserveOptions Read(ParseResult parsed, string[] workload)
    {
        (int? pid, string? name) = _process.Read(parsed, workload);
        OutputFile[] reports = [.. (parsed.GetValue(_reports) ?? []).Select(Report)];
        ObserveOptions options = _options.Read(parsed, reports);
        string? kept = _state.TryRead(parsed, out string state) ? state : null;
        if (name is not null && options.Runtime.Nettrace is not null)
            throw new UsageException("--nettrace records one process, and soak --name follows several; leave one of them out, or give --pid.");
        if (kept is not null && OutputFile.Create(_state.Name, kept).IsStream)
            throw new UsageException($"{_state.Name} '{SafeText.Line(kept)}' is a device or a pipe, which cannot be read again; give a file.");
        if (kept is not null)
            OutputFile.RequireDistinct([.. new[] { options.AccountsFile, options.Runtime.Nettrace }.OfType<OutputFile>(), .. reports], (_state.Name, kept));
        TimeSpan? fullCollections = _fullCollections.TryRead(parsed, out TimeSpan every) ? every : null;
        if (fullCollections is not null && !options.Runtime.DetailAt(options.Runtime.Units).Has(EventGroups.Gc))
            throw new UsageException($"{_fullCollections.Name} needs the target's collections to be observed, which --runtime-events leaves out here; leave one of them out.");
        return options with
        {
            Duration = options.Duration ?? Usual,
            AccountsRotation = options.AccountsRotation ?? (options.AccountsFile is { IsStream: false } ? UsualRotation : null),
            ProcessId = pid,
            AwaitedName = name,
            Follows = name is not null,
            WorkloadArguments = workload,
            Soak = new SoakOptions(
                _interval.Read(parsed),
                _shortestTrend.Read(parsed),
                fullCollections,
                kept,
                reports),
        };
    }

    private static OutputFile Report(string path) => Extensions.Contains(Path.GetExtension(path))
        ? OutputFile.Create("--report", path)
        : throw new UsageException($"--report is '{path}'; give a file that ends in .md, .html or .json.");
}
