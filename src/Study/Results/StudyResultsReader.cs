using System.Text.Json;

namespace Observatory.Study;

/// <summary>Reads results files, and lets nothing pass that later steps could stumble over.</summary>
public static class StudyResultsReader
{
    /// <param name="text">The whole text of a file.</param>
    /// <exception cref="ResultsFormatException">
    /// It is not JSON, not the results of a study, of a version that is not known here, or contradicts itself.
    /// </exception>
    public static StudyResults Read(string text)
    {
        try
        {
            RequireSchema(text);
            StudyResults results = JsonSerializer.Deserialize(text, StudyResultsJson.Default.StudyResults)!;
            ResultsCheck.Require(results);
            return results;
        }
        catch (JsonException problem)
        {
            throw new ResultsFormatException($"it is not a results file: {FirstSentence(problem)}");
        }
    }

    /// <summary>A foreign file should be called one, not a file that lacks a field of ours.</summary>
    private static void RequireSchema(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw new ResultsFormatException("it is empty");
        using JsonDocument document = JsonDocument.Parse(text);
        JsonElement root = document.RootElement;
        if (Property(root, "schema") is not { ValueKind: JsonValueKind.String } schema
            || schema.GetString() != StudyResults.SchemaName)
        {
            throw new ResultsFormatException(
                $"it is JSON, but not a results file (no \"schema\": \"{StudyResults.SchemaName}\")");
        }

        if (Property(root, "version") is not { ValueKind: JsonValueKind.Number } number
            || !number.TryGetInt32(out int version) || version != StudyResults.CurrentVersion)
        {
            throw new ResultsFormatException(
                $"its version is {Property(root, "version")?.GetRawText() ?? "missing"}, and only version "
                + $"{StudyResults.CurrentVersion} is known here");
        }
    }

    private static JsonElement? Property(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out JsonElement value) ? value : null;

    private static string FirstSentence(JsonException problem) => problem.Message.ReplaceLineEndings(" ").TrimEnd('.');
}

/// <summary>What JSON types do not say about results.</summary>
internal static class ResultsCheck
{
    private const int AllDisturbances = (int)(
        Disturbances.Gc | Disturbances.Preempted | Disturbances.Throttled | Disturbances.Unknown);

    /// <exception cref="ResultsFormatException">They contradict themselves.</exception>
    public static void Require(StudyResults results)
    {
        MachineLimits?[] limits = [results.Limits, .. results.FurtherLimits ?? []];
        if (!limits.OfType<MachineLimits>().SelectMany(Values).All(IsAmount))
        {
            throw new ResultsFormatException("a limit in it is not above zero");
        }

        HashSet<ConfigurationKey> seen = [];
        foreach (MeasuredConfiguration configuration in results.Configurations)
        {
            if (configuration is null) throw new ResultsFormatException("a configuration in it is null");
            if (Problem(configuration) is { } problem)
            {
                throw new ResultsFormatException($"{configuration.Key} in it {problem}");
            }

            if (!seen.Add(configuration.Key))
            {
                throw new ResultsFormatException($"{configuration.Key} stands in it twice");
            }
        }

        if (results.LeftOut.Any(left => left is null)) throw new ResultsFormatException("a left_out in it is null");
    }

    private static string? Problem(MeasuredConfiguration configuration)
    {
        int samples = configuration.DurationNs.Count;
        if (configuration.Batch < 1 || configuration.Sequence < 1 || configuration.Dim < 1) return "has a size below 1";
        if (configuration.Threads < 1) return "has no thread";
        if (configuration.DurationNs.Any(duration => duration < 1)) return "has a duration below 1 ns";
        if (!Values(configuration).All(IsAmount)) return "has a cost or a memory that is not above zero";
        if (configuration.MostAllocatedBytes < 0) return "has an allocation below zero";
        if (configuration.Disturbances is { } flags)
        {
            if (flags.Count != samples) return $"has {samples} samples, but {flags.Count} disturbances";
            if (flags.Any(flag => (flag & ~AllDisturbances) != 0)) return "has a disturbance that is not known";
        }

        if (configuration.Visits is not { } visits) return null;
        if (visits.Any(visit => visit.Samples < 1)) return "has a visit without a sample";
        if (visits.Any(visit => visit.FirstIteration < 1)) return "has a visit with an iteration below 1";
        long visited = visits.Sum(visit => (long)visit.Samples);
        return visited == samples ? null : $"has {samples} samples, but {visited} in its visits";
    }

    private static bool IsAmount(double value) => value > 0 && double.IsFinite(value);

    private static IEnumerable<double> Values(MachineLimits limits) =>
        new[] { limits.Threads, limits.GemmFlopsPerSecond, limits.FmaFlopsPerSecond, limits.BandwidthBytesPerSecond }.OfType<double>();

    private static IEnumerable<double> Values(MeasuredConfiguration configuration) =>
        new[]
        {
            configuration.Flops, configuration.InputBytes, configuration.PredictedMemoryBytes,
            configuration.WorkingSetBytes, configuration.ArithmeticIntensity, configuration.PeakMemoryBytes,
            configuration.BaselineMemoryBytes,
        }.OfType<double>();
}

/// <summary>A text is not the results of a study. The message is one sentence that says what is wrong with it.</summary>
public sealed class ResultsFormatException(string message) : FormatException(message);
