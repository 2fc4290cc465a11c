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
        using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
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
                $"its version is {(Property(root, "version") is { } written ? NumberText.Harmless(written.GetRawText().ReplaceLineEndings(" ")) : "missing")}, and only version "
                + $"{StudyResults.CurrentVersion} is known here");
        }
    }

    private static JsonElement? Property(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out JsonElement value) ? value : null;

    private static string FirstSentence(JsonException problem) => NumberText.Harmless(problem.Message.ReplaceLineEndings(" ")).TrimEnd('.');
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

        if (Problem(results.Machine) is { } machine) throw new ResultsFormatException($"its machine {machine}");
        if (Problem(results.Run) is { } run) throw new ResultsFormatException($"its run {run}");
        HashSet<ConfigurationKey> seen = [];
        foreach (MeasuredConfiguration configuration in results.Configurations)
        {
            if (configuration is null) throw new ResultsFormatException("a configuration in it is null");
            if (Problem(configuration) is { } problem)
            {
                throw new ResultsFormatException($"{NumberText.Harmless(configuration.Key.ToString())} in it {problem}");
            }

            if (!seen.Add(configuration.Key))
            {
                throw new ResultsFormatException($"{NumberText.Harmless(configuration.Key.ToString())} stands in it twice");
            }
        }

        if (results.LeftOut.Any(left => left is null)) throw new ResultsFormatException("a left_out in it is null");
    }

    private static string? Problem(MachineFingerprint machine)
    {
        double[] amounts =
        [
            .. new double?[]
            {
                machine.Cores, machine.Threads, machine.L1dBytes, machine.L2Bytes, machine.L3Bytes, machine.MemoryBytes,
                machine.CgroupCpus, machine.CgroupMemoryBytes,
            }.OfType<double>(),
        ];
        return amounts.All(IsAmount) ? null : "has a count or a size that is not above zero";
    }

    private static string? Problem(RunSettings run)
    {
        if (run.Passes < 0) return $"has {run.Passes} complete passes";
        if (run.Iterations < 1) return $"has {run.Iterations} iterations of a visit";
        if (run.Warmup < 0) return $"has a warm-up of {run.Warmup} iterations";
        if (run.Precision is { } precision && precision is not (> 0 and <= 1)) return "has a precision that is not above 0 and at most 1";
        if (run.MonotonicBeginNs < 0) return "began before its clock";
        if (run.LoadBefore is { } load && !(load >= 0 && double.IsFinite(load))) return "has a load below zero";
        if (((int)run.Watched & ~AllDisturbances) != 0) return "watched for a disturbance that is not known";
        return run.Operations.Any(operation => operation is null) ? "has an operation that is null" : null;
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
