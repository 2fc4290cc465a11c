using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.Json;
using Observatory.Contract;

namespace Observatory.Workload;

/// <summary>The results of a sweep as they are printed; property names are those of the JSON in snake case.</summary>
/// <param name="Iterations">Marked iterations of all configurations.</param>
/// <param name="WarmupIterations">Iterations beside those, neither marked nor recorded.</param>
/// <param name="Passes">Complete passes.</param>
/// <param name="Threads">Threads libtorch computed with.</param>
/// <param name="Seed">Seed of order and input.</param>
/// <param name="Torch">Version of libtorch.</param>
/// <param name="Configurations">One for each of the study, in the listed order.</param>
internal sealed record ResultsSummary(
    long Iterations,
    long WarmupIterations,
    long Passes,
    int Threads,
    int Seed,
    string Torch,
    IReadOnlyList<MeasuredRow> Configurations)
{
    public static ResultsSummary From(SweepResults results, SweepPlan plan) => new(
        results.Iterations,
        results.WarmupIterations,
        results.Passes,
        plan.Threads,
        plan.Seed,
        results.Torch,
        [.. plan.Study.Select(configuration => MeasuredRow.From(configuration, results[configuration].Latencies))]);
}

/// <summary>Results of one configuration; latency and rate are null where no iteration was done.</summary>
/// <param name="Operation">What was computed.</param>
/// <param name="BatchSize">First dimension of the input.</param>
/// <param name="SequenceLength">Second dimension of the input, in tokens.</param>
/// <param name="EmbeddingDim">Last dimension of the input.</param>
/// <param name="Iterations">Marked iterations.</param>
/// <param name="LatencySeconds">Their durations.</param>
/// <param name="Gflops">10^9 floating point operations per second at the median latency.</param>
internal sealed record MeasuredRow(
    string Operation,
    long BatchSize,
    long SequenceLength,
    long EmbeddingDim,
    long Iterations,
    LatencySummary? LatencySeconds,
    double? Gflops)
{
    public static MeasuredRow From(WorkloadConfiguration configuration, LatencyWindow window)
    {
        LatencySummary? latency = window.Summarize();
        return new MeasuredRow(
            configuration.Operation,
            configuration.BatchSize,
            configuration.SequenceLength,
            configuration.EmbeddingDim,
            window.Count,
            latency,
            configuration.FloatingPointOperations / latency?.P50 / 1e9);
    }
}

/// <summary>Prints results, for a program or for a person.</summary>
internal static class ResultsWriter
{
    private const string Columns = "{0,-10}{1,7}{2,10}{3,7}{4,12}{5,12}{6,12}{7,12}{8,12}{9,10}";

    public static string Text(ResultsSummary summary, bool json)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        if (json) output.WriteLine(JsonSerializer.Serialize(summary, ResultsJson.Default.ResultsSummary));
        else WriteTable(output, summary);
        return output.ToString();
    }

    private static void WriteTable(TextWriter output, ResultsSummary summary)
    {
        output.WriteLine(
            $"{summary.Iterations} iterations and {summary.WarmupIterations} of warm-up in {summary.Passes} passes, "
            + $"{summary.Threads} threads, seed {summary.Seed}, libtorch {summary.Torch}");
        output.WriteLine();
        output.WriteLine(
            Columns,
            "operation", "batch", "sequence", "dim", "iterations", "p50 ms", "p95 ms", "min ms", "max ms", "GFLOP/s");
        foreach (MeasuredRow row in summary.Configurations) WriteRow(output, row);
    }

    private static void WriteRow(TextWriter output, MeasuredRow row) => output.WriteLine(
        Columns,
        row.Operation,
        row.BatchSize,
        row.SequenceLength,
        row.EmbeddingDim,
        row.Iterations,
        Milliseconds(row.LatencySeconds?.P50),
        Milliseconds(row.LatencySeconds?.P95),
        Milliseconds(row.LatencySeconds?.Min),
        Milliseconds(row.LatencySeconds?.Max),
        row.Gflops?.ToString("0.0", CultureInfo.InvariantCulture) ?? "-");

    private static string Milliseconds(double? seconds) =>
        (seconds * 1000)?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ResultsSummary))]
internal sealed partial class ResultsJson : JsonSerializerContext;
