using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.Json;
using Observatory.Contract;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>The results of a sweep as they are printed; property names are those of the JSON in snake case.</summary>
/// <param name="Iterations">Marked iterations of all configurations.</param>
/// <param name="WarmupIterations">Iterations besides those, neither marked nor recorded.</param>
/// <param name="Passes">Complete passes.</param>
/// <param name="Threads">The most threads libtorch computed with.</param>
/// <param name="Seed">Seed of order and input.</param>
/// <param name="Torch">Version of libtorch.</param>
/// <param name="Configurations">One for each of the study, in the listed order.</param>
/// <param name="DisturbedShare">Share of the kept samples that something came into; null where nothing was watched.</param>
/// <param name="DisturbedShareByKind">The same of each kind that occurred.</param>
/// <param name="Missing">What there are too few samples for, and the option that brings it.</param>
internal sealed record ResultsSummary(
    long Iterations,
    long WarmupIterations,
    long Passes,
    int Threads,
    int Seed,
    string Torch,
    IReadOnlyList<MeasuredRow> Configurations,
    double? DisturbedShare,
    IReadOnlyDictionary<string, double> DisturbedShareByKind,
    IReadOnlyList<string> Missing)
{
    /// <summary>How much was disturbed, by kind.</summary>
    [JsonIgnore]
    public Disturbance Disturbance { get; init; } = Disturbance.Count([], Disturbances.None);

    public static ResultsSummary From(SweepResults results, SweepPlan plan)
    {
        LatencyWindow[] windows = [.. plan.Study.Select(configuration => results[configuration].Latencies)];
        var disturbance = Disturbance.Count(windows.SelectMany(window => window.Samples).Select(sample => sample.Disturbances), results.Watched);
        return new ResultsSummary(
            results.Iterations,
            results.WarmupIterations,
            results.Passes,
            plan.MostThreads,
            plan.Seed,
            results.Torch,
            [.. plan.Study.Zip(windows, MeasuredRow.From)],
            disturbance.Share,
            disturbance.Shares().ToDictionary(kind => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{kind.Kind}"), kind => kind.Share),
            MissingSamples.Of(windows.Select(window => (window.Visits.Count, window.Samples.Count))))
        {
            Disturbance = disturbance,
        };
    }
}

/// <summary>Results of one configuration; latency and rate are null where no iteration was done.</summary>
/// <param name="Operation">What was computed.</param>
/// <param name="BatchSize">First dimension of the input.</param>
/// <param name="SequenceLength">Second dimension of the input, in tokens.</param>
/// <param name="EmbeddingDim">Last dimension of the input.</param>
/// <param name="Iterations">Marked iterations.</param>
/// <param name="LatencySeconds">Their durations.</param>
/// <param name="Gflops">10^9 floating point operations per second at the median latency.</param>
/// <param name="Dtype">Type of its elements.</param>
/// <param name="Threads">Threads it was computed with.</param>
internal sealed record MeasuredRow(
    string Operation,
    long BatchSize,
    long SequenceLength,
    long EmbeddingDim,
    long Iterations,
    LatencySummary? LatencySeconds,
    double? Gflops,
    string Dtype,
    long Threads)
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
            configuration.FloatingPointOperations / latency?.P50 / 1e9,
            configuration.DataType,
            configuration.Threads);
    }
}

/// <summary>Prints results, for a program or for a person.</summary>
internal static class ResultsWriter
{
    /// <param name="summary">What was measured.</param>
    /// <param name="json">For a program.</param>
    /// <param name="width">Columns of the terminal: a table that is wider leaves out what is of least use; null: it has all.</param>
    public static string Text(ResultsSummary summary, bool json, int? width = null)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        if (json) output.WriteLine(JsonSerializer.Serialize(summary, ResultsJson.Default.ResultsSummary));
        else WriteTable(output, summary, width);
        return output.ToString();
    }

    private static void WriteTable(TextWriter output, ResultsSummary summary, int? width)
    {
        int[] threads = [.. summary.Configurations.Select(row => (int)row.Threads).Distinct().Order()];
        output.WriteLine(
            $"{summary.Iterations} iterations and {summary.WarmupIterations} of warm-up in {summary.Passes} passes, "
            + $"{string.Join(", ", threads)} {(threads is [1] ? "thread" : "threads")}, seed {summary.Seed}, libtorch {summary.Torch}");
        if (summary.DisturbedShare is not null) output.WriteLine(Disturbed(summary.Disturbance));
        output.WriteLine();
        // An axis with one value would be a column that says nothing.
        bool ofTypes = summary.Configurations.DistinctBy(row => row.Dtype).Skip(1).Any();
        List<FilledColumn> columns = [.. Columns
            .Where(column => column.Name switch { "dtype" => ofTypes, "threads" => threads.Length > 1, _ => true })
            .Select(column => FilledColumn.From(column, summary.Configurations))];
        foreach (string name in LeaveFirst)
        {
            if (columns.Sum(column => column.Width + Gap) - Gap > width) columns.RemoveAll(column => column.Of.Name == name);
        }

        output.WriteLine(Line(columns, column => column.Of.Name));
        for (int row = 0; row < summary.Configurations.Count; row++) output.WriteLine(Line(columns, column => column.Cells[row]));
        // Last, where the eye is when the prompt comes back.
        if (summary.Missing.Count > 0) output.WriteLine();
        foreach (string missing in summary.Missing) output.WriteLine(missing);
    }

    private static string Line(IEnumerable<FilledColumn> columns, Func<FilledColumn, string> text) =>
        string.Join(new string(' ', Gap), columns.Select(column => column.Pad(text(column)))).TrimEnd();

    private static string Disturbed(Disturbance disturbance) => disturbance.Text() + (disturbance.IsTooMuch
        ? " Too many to conclude anything about latency: stop what else runs on the machine, or use fewer threads, and sweep again."
        : "");

    private const int Gap = 2;

    // In this order, as the window narrows; what names a row and its usual and slow time stay.
    private static readonly string[] LeaveFirst = ["max ms", "min ms", "GFLOP/s", "iterations"];

    private static readonly SummaryColumn[] Columns =
    [
        new("operation", true, row => row.Operation),
        new("dtype", true, row => row.Dtype),
        new("threads", false, row => Whole(row.Threads)),
        new("batch", false, row => Whole(row.BatchSize)),
        new("sequence", false, row => Whole(row.SequenceLength)),
        new("dim", false, row => Whole(row.EmbeddingDim)),
        new("iterations", false, row => Whole(row.Iterations)),
        new("p50 ms", false, row => Milliseconds(row.LatencySeconds?.P50)),
        new("p95 ms", false, row => Milliseconds(row.LatencySeconds?.P95)),
        new("min ms", false, row => Milliseconds(row.LatencySeconds?.Min)),
        new("max ms", false, row => Milliseconds(row.LatencySeconds?.Max)),
        new("GFLOP/s", false, row => row.Gflops?.ToString("0.0", CultureInfo.InvariantCulture) ?? "-"),
    ];

    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Milliseconds(double? seconds) =>
        (seconds * 1000)?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";

    /// <param name="Name">Its heading.</param>
    /// <param name="IsText">Begins at the left.</param>
    /// <param name="Text">What stands in a row.</param>
    private sealed record SummaryColumn(string Name, bool IsText, Func<MeasuredRow, string> Text);

    /// <summary>A column as wide as its widest cell.</summary>
    private sealed record FilledColumn(SummaryColumn Of, string[] Cells, int Width)
    {
        public static FilledColumn From(SummaryColumn column, IReadOnlyList<MeasuredRow> rows)
        {
            string[] cells = [.. rows.Select(column.Text)];
            return new FilledColumn(column, cells, cells.Select(cell => cell.Length).Append(column.Name.Length).Max());
        }

        public string Pad(string text) => Of.IsText ? text.PadRight(Width) : text.PadLeft(Width);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ResultsSummary))]
internal sealed partial class ResultsJson : JsonSerializerContext;
