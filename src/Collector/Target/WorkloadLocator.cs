using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>Finds the workload that belongs to this collector.</summary>
internal static class WorkloadLocator
{
    private const string Program = "Observatory.Workload";

    /// <summary>Path of the workload's executable.</summary>
    /// <exception cref="UsageException">It is at none of the places where a build or a release puts it.</exception>
    public static string Find(string collectorFolder)
    {
        string[] places = [.. Places(collectorFolder)];
        return places.FirstOrDefault(File.Exists)
            ?? throw new UsageException(
                $"The workload is not built. Build it with `dotnet build -c Release`; looked for {string.Join(", ", places)}.");
    }

    private static IEnumerable<string> Places(string collectorFolder)
    {
        string folder = Path.TrimEndingDirectorySeparator(collectorFolder);
        // A release has it in a folder of its own; a build has every project's output side by side.
        yield return Path.Combine(folder, "workload", Program);
        yield return Path.GetFullPath(Path.Combine(folder, "..", "..", "Workload", Path.GetFileName(folder), Program));
    }
}
