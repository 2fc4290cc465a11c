using System.Globalization;
using System.Text.Json;

namespace Observatory.Workload;

/// <summary>Prints results, for a program or for a person.</summary>
internal static class ResultsWriter
{
    private const string Columns = "{0,-10}{1,7}{2,10}{3,7}{4,12}{5,12}{6,12}{7,12}{8,12}{9,10}";

    public static void Write(TextWriter output, ResultsSummary summary, bool json)
    {
        if (json) output.WriteLine(JsonSerializer.Serialize(summary, ResultsJson.Default.ResultsSummary));
        else WriteTable(output, summary);
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
        foreach (ConfigurationSummary row in summary.Configurations) WriteRow(output, row);
    }

    private static void WriteRow(TextWriter output, ConfigurationSummary row) => output.WriteLine(
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
