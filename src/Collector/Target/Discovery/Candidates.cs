using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.Json;
using Observatory.Hosting;

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
            .. ProcessIds().Order()
                .Where(id => id != Environment.ProcessId)
                .Select(ProcessFacts.Read)
                .OfType<ProcessFacts>()
                .Where(process => DiagnosticsSocket.Find(process) is not null)
                .Select(process => Describe(process, sinceBoot)),
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
            _ => throw new UsageException($"Several .NET processes are named '{name}': {Join(found)}. Choose one with --pid."),
        };
    }

    private static string Join(IEnumerable<Candidate> candidates) => string.Join(", ", candidates);

    private static Candidate Describe(ProcessFacts process, double sinceBoot) => new(
        process,
        ProcessNames.From(process.Command, ProcText.ReadItems(process.Id, "cmdline")),
        TimeSpan.FromSeconds(Math.Max(0, sinceBoot - (process.StartTicks / TicksPerSecond))),
        RuntimeLibrary.VersionIn(ProcText.TryRead(process.Id, "maps") ?? ""));

    private static IEnumerable<int> ProcessIds()
    {
        foreach (string path in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(path.AsSpan()), out int id)) yield return id;
        }
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

    /// <summary>As it stands in a sentence.</summary>
    public override string ToString() => $"{Process.Id} {Name}";
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
                candidate.Process.UserId,
                candidate.Uptime.ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture),
                candidate.RuntimeVersion ?? "-",
                candidate.Name))
            .Prepend(Line("pid", "user", "uptime", "runtime", "name")));

    /// <summary>One JSON object.</summary>
    public static string ToJson(IEnumerable<Candidate> candidates) => JsonSerializer.Serialize(
        new CandidatesDocument([.. candidates.Select(candidate => new CandidateDocument(
            candidate.Process.Id,
            candidate.Name,
            candidate.Process.UserId,
            candidate.Uptime.TotalSeconds,
            candidate.RuntimeVersion))]),
        CandidatesJsonContext.Default.CandidatesDocument);

    private static string Line(object pid, object user, string uptime, string runtime, string name) => string.Create(
        CultureInfo.InvariantCulture, $"{pid,8}  {user,6}  {uptime,11}  {runtime,-10}  {name}");
}

internal sealed record CandidatesDocument(IReadOnlyList<CandidateDocument> Processes);

internal sealed record CandidateDocument(int Pid, string Name, uint UserId, double UptimeSeconds, string? RuntimeVersion);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true)]
[JsonSerializable(typeof(CandidatesDocument))]
internal sealed partial class CandidatesJsonContext : JsonSerializerContext;
