using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.Json;
using Observatory.Hosting;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>The .NET processes that could be observed. One that has ended is not among them, though its socket may stay.</summary>
internal static class Candidates
{
    private const double TicksPerSecond = 100;

    /// <summary>All of them except this one, by process id.</summary>
    public static IReadOnlyList<Candidate> List()
    {
        double sinceBoot = SecondsSinceBoot();
        return
        [
            .. ProcessFiles.Processes().Order()
                .Where(id => id != Environment.ProcessId)
                .Select(ProcessFacts.Read)
                .OfType<ProcessFacts>()
                .Where(process => DiagnosticsSocket.Find(process) is not null)
                .Select(process => Describe(process, sinceBoot))
                // To observe an observer is seldom meant, and --pid does it.
                .Where(candidate => !candidate.IsCollector),
        ];
    }

    /// <summary>The one that goes by a name.</summary>
    /// <exception cref="UsageException">None does, or several do.</exception>
    public static Candidate Named(string name, IReadOnlyList<Candidate> all)
    {
        Candidate[] found = [.. all.Where(candidate => candidate.Names.Contains(name, StringComparer.Ordinal))];
        return found switch
        {
            [var only] => only,
            [] => throw new UsageException($"No .NET process is named '{name}'. {(all.Count > 0 ? $"There are: {Join(all)}." : "There is none at all.")}"),
            _ => throw new UsageException($"Several .NET processes are named '{name}': {string.Join(", ", found.Select(one => one.ToLongString()))}. Choose one with --pid."),
        };
    }

    /// <summary>The process id of the one of a name that was started last; null when there is none.</summary>
    public static int? Newest(string name) => List()
        .Where(candidate => candidate.Names.Contains(name, StringComparer.Ordinal))
        .MaxBy(candidate => candidate.Process.StartTicks)?.Process.Id;

    private static string Join(IEnumerable<Candidate> candidates) => string.Join(", ", candidates);

    private static Candidate Describe(ProcessFacts process, double sinceBoot)
    {
        string[] commandLine = ProcessFiles.ReadItems(process.Id, "cmdline");
        string maps = ProcessFiles.TryRead(process.Id, "maps") ?? "";
        return new Candidate(
            process,
            [.. ProcessNames.From(process.Command, commandLine).Select(SafeText.Name)],
            TimeSpan.FromSeconds(Math.Max(0, sinceBoot - (process.StartTicks / TicksPerSecond))),
            RuntimeLibrary.VersionIn(maps))
        {
            CommandLine = SafeText.Name(string.Join(' ', commandLine)),
            State = process.IsStopped ? "stopped" : RuntimeLibrary.IsSuspended(maps) ? "suspended" : "running",
            IsCollector = maps.Contains($"/{typeof(Candidates).Assembly.GetName().Name}.dll", StringComparison.Ordinal),
        };
    }

    private static double SecondsSinceBoot() =>
        double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
}

/// <summary>A .NET process that offers diagnostics.</summary>
/// <param name="Process">What /proc says about it.</param>
/// <param name="Names">The names it goes by, the one that says most first.</param>
/// <param name="Uptime">How long it has been running.</param>
/// <param name="RuntimeVersion">Its .NET runtime; null where that cannot be told.</param>
internal sealed record Candidate(
    ProcessFacts Process, IReadOnlyList<string> Names, TimeSpan Uptime, string? RuntimeVersion)
{
    /// <summary>Its most telling name.</summary>
    public string Name => Names[0];

    /// <summary>Its arguments, itself first, cut to a line.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary><c>running</c>; <c>suspended</c>: its runtime waits to be resumed; <c>stopped</c>: by a signal or a debugger.</summary>
    public string State { get; init; } = "running";

    /// <summary>True for a collector.</summary>
    public bool IsCollector { get; init; }

    /// <summary>As it stands in a sentence.</summary>
    public override string ToString() => $"{Process.Id} {Name}";

    /// <summary>As it stands in a sentence that tells several of one name apart.</summary>
    public string ToLongString() => $"{Process.Id} (child of {Process.Parent}: {CommandLine})";
}

/// <summary>The names by which a person may call a .NET process.</summary>
internal static class ProcessNames
{
    private const string AssemblyEnding = ".dll";

    /// <summary>All of them, the one that says most first.</summary>
    /// <param name="command">The process's comm.</param>
    /// <param name="commandLine">Its arguments, itself first.</param>
    public static IReadOnlyList<string> From(string command, IReadOnlyList<string> commandLine)
    {
        if (commandLine.Count == 0) return [command];
        string program = Path.GetFileName(commandLine[0]);
        // `dotnet exec --some-option value App.dll`: the host says nothing, the assembly behind its options everything.
        string? assembly = program == "dotnet"
            ? commandLine.FirstOrDefault(argument => argument.EndsWith(AssemblyEnding, StringComparison.Ordinal))
            : null;
        return assembly is null
            ? [program, command]
            : [Path.GetFileNameWithoutExtension(assembly), Path.GetFileName(assembly), program, command];
    }
}

/// <summary>The answer to <c>attach --list</c>.</summary>
internal static class CandidateReport
{
    /// <summary>Prints the candidates, one per line or as one JSON object.</summary>
    /// <returns>The exit code.</returns>
    public static int Print(bool json)
    {
        IReadOnlyList<Candidate> candidates = Candidates.List();
        Console.WriteLine(json ? ToJson(candidates) : ToText(candidates));
        return ExitCodes.Done;
    }

    /// <summary>A head, and a line each.</summary>
    public static string ToText(IEnumerable<Candidate> candidates) => string.Join(
        '\n',
        candidates
            .Select(candidate => Line(
                candidate.Process.Id,
                candidate.Process.Parent,
                candidate.Process.UserId,
                candidate.Uptime.ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture),
                candidate.RuntimeVersion ?? "-",
                candidate.State,
                candidate.Name,
                candidate.CommandLine))
            .Prepend(Line("pid", "parent", "user", "uptime", "runtime", "state", "name", "command line")));

    /// <summary>One JSON object.</summary>
    public static string ToJson(IEnumerable<Candidate> candidates) => JsonSerializer.Serialize(
        new CandidatesDocument([.. candidates.Select(candidate => new CandidateDocument(
            candidate.Process.Id,
            candidate.Name,
            candidate.Process.UserId,
            candidate.Uptime.TotalSeconds,
            candidate.RuntimeVersion,
            candidate.Process.Parent,
            candidate.State,
            candidate.CommandLine))]),
        CandidatesJsonContext.Default.CandidatesDocument);

    private static string Line(
        object pid, object parent, object user, string uptime, string runtime, string state, string name, string commandLine) => string.Create(
        CultureInfo.InvariantCulture, $"{pid,8}  {parent,8}  {user,6}  {uptime,11}  {runtime,-10}  {state,-9}  {name,-24}  {commandLine}");
}

internal sealed record CandidatesDocument(IReadOnlyList<CandidateDocument> Processes);

internal sealed record CandidateDocument(
    int Pid, string Name, uint UserId, double UptimeSeconds, string? RuntimeVersion, int Parent, string State, string CommandLine);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true)]
[JsonSerializable(typeof(CandidatesDocument))]
internal sealed partial class CandidatesJsonContext : JsonSerializerContext;
