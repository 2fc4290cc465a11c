namespace Observatory.Workload.Tests;

/// <summary>The table that a sweep ends with.</summary>
public sealed class ResultsTableTests
{
    private static readonly ResultsSummary Summary = new(
        1_234, 100, 10, Threads: 1, Seed: 42, "2.7.1",
        [
            new MeasuredRow("linear", 8, 512, 128, 617, new LatencySummary(0.004, 0.0051, 0.0039, 0.02), 33.6, "float32", 1),
            new MeasuredRow("attention", 128, 2_048, 1_024, 617, new LatencySummary(12.345, 13, 11, 123.456), 1_033.6, "float32", 1),
        ],
        null, new Dictionary<string, double>(), []);

    [Theory]
    [InlineData(null, "operation  batch  sequence   dim  iterations     p50 ms     p95 ms     min ms      max ms  GFLOP/s")]
    [InlineData(160, "operation  batch  sequence   dim  iterations     p50 ms     p95 ms     min ms      max ms  GFLOP/s")]
    [InlineData(90, "operation  batch  sequence   dim  iterations     p50 ms     p95 ms     min ms  GFLOP/s")]
    [InlineData(79, "operation  batch  sequence   dim  iterations     p50 ms     p95 ms  GFLOP/s")]
    [InlineData(60, "operation  batch  sequence   dim     p50 ms     p95 ms")]
    public void Columns_leave_in_a_fixed_order_as_the_window_narrows(int? width, string head)
    {
        string[] lines = ResultsWriter.Text(Summary, json: false, width).Split('\n')[2..^1];
        Assert.Equal(head, lines[0]);
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, width ?? 200));
        Assert.StartsWith("attention    128      2048  1024", lines[2], StringComparison.Ordinal);
    }
}
