namespace Observatory.Workload.Results;

/// <summary>
/// Latencies of one configuration: count, minimum and maximum over all, percentiles over the newest 65536, so that an
/// endless sweep stays within half a megabyte per configuration.
/// </summary>
internal sealed class LatencyWindow
{
    public const int Capacity = 1 << 16;

    private readonly List<double> _newest = [];
    private double _least = double.PositiveInfinity;
    private double _most;

    public long Count { get; private set; }

    /// <param name="seconds">Duration of one iteration.</param>
    public void Add(double seconds)
    {
        if (_newest.Count < Capacity) _newest.Add(seconds);
        else _newest[(int)(Count % Capacity)] = seconds;
        Count++;
        _least = Math.Min(_least, seconds);
        _most = Math.Max(_most, seconds);
    }

    /// <summary>Null while there is no latency.</summary>
    public LatencySummary? Summarize()
    {
        if (Count == 0) return null;
        double[] sorted = [.. _newest.Order()];
        return new LatencySummary(NearestRank(sorted, 0.50), NearestRank(sorted, 0.95), _least, _most);
    }

    /// <summary>The smallest value that at least this share of all values do not exceed.</summary>
    private static double NearestRank(double[] sorted, double share) =>
        sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
}
