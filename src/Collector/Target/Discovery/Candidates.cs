using System.Globalization;
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
        ProcessNames.Of(process.Command, ProcText.ReadItems(process.Id, "cmdline")),
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
