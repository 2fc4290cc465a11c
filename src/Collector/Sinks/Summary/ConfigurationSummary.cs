using HdrHistogram;
using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Accounts of one configuration, added up.</summary>
internal sealed class ConfigurationSummary(WorkloadConfiguration configuration)
{
    private const long LongestNanoseconds = 3_600_000_000_000;

    /// <summary>Three digits: a quantile is within 0.1 % of a latency that was measured.</summary>
    private readonly LongHistogram _latencies = new(LongestNanoseconds, numberOfSignificantValueDigits: 3);

    private readonly DetailTotals _details = new();
    private StateTimes _times;
    private long _iterations;
    private readonly Dictionary<IncompleteReasons, long> _incomplete = [];
    private SummaryRow? _row;

    /// <summary>Index of the configuration.</summary>
    public long Index => configuration.Index;

    public void Add(in IterationAccount account)
    {
        _row = null;
        _iterations++;
        IncompleteReasons reason = ReasonNames.MainOf(account.Reasons);
        if (!account.IsComplete) _incomplete[reason] = _incomplete.GetValueOrDefault(reason) + 1;
        _times.Add(account.Times);
        _details.Add(account.Details);
        _latencies.RecordValue(Math.Clamp(account.Wall.Nanoseconds, 1, LongestNanoseconds));
    }

    /// <summary>The row as it stands; quantiles are only looked for when something was added.</summary>
    public SummaryRow ToRow() => _row ??= Compute();

    private SummaryRow Compute() => new(
        configuration, _iterations, _incomplete.Values.Sum(), Quantile(50), Quantile(95), Quantile(99), _times, IsNewest: false)
    {
        Details = _details.Copy(),
        IncompleteBecause = new Dictionary<IncompleteReasons, long>(_incomplete),
    };

    private Duration Quantile(double percent) => new(_latencies.GetValueAtPercentile(percent));
}
