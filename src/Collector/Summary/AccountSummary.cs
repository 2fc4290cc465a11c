using System.Diagnostics.Metrics;
using HdrHistogram;
using Observatory.Contract;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>What was found so far, a row a configuration. Bounded memory however long it runs.</summary>
/// <param name="kernel">Its tier says which states are measured.</param>
/// <param name="runtime">Its tier says whether suspensions are; null when they are.</param>
/// <param name="faultCost">What a minor page fault costs; null where that is not known.</param>
internal sealed class AccountSummary(SourceStatus kernel, SourceStatus? runtime = null, FaultCost? faultCost = null) : IFindingsSink
{
    private readonly Lock _entry = new();
    private readonly SortedDictionary<long, ConfigurationTotals> _rows = [];
    private readonly SortedDictionary<int, ConfigurationTotals> _requests = [];
    private long _newest = -1;

    public void IterationClosed(WorkloadConfiguration configuration, in UnitAccount account)
    {
        lock (_entry)
        {
            if (!_rows.TryGetValue(configuration.Index, out ConfigurationTotals? row))
                _rows.Add(configuration.Index, row = new ConfigurationTotals(configuration));
            row.Add(configuration, account);
            _newest = configuration.Index;
        }
    }

    public void RequestClosed(RequestName name, in UnitAccount account)
    {
        lock (_entry)
        {
            // What has no place of its own comes last.
            int place = name.Index == UnitNames.OtherIndex ? int.MaxValue : name.Index;
            if (!_requests.TryGetValue(place, out ConfigurationTotals? row))
                _requests.Add(place, row = new ConfigurationTotals(SummaryRow.NoConfiguration, name.Text, account.Kind));
            row.Add(SummaryRow.NoConfiguration, account);
        }
    }

    /// <summary>
    /// A copy of every row: configurations in the order in which the workload lists them, then names of requests in the order
    /// in which they came.
    /// </summary>
    public IReadOnlyList<SummaryRow> Rows()
    {
        lock (_entry) return [.. _rows.Values.Concat(_requests.Values).Select(ToRow)];
    }

    /// <summary>What metrics are made of, by configuration in the same order. Only those that have grown are copied anew.</summary>
    public IReadOnlyList<AccountSums> Sums()
    {
        lock (_entry) return [.. _rows.Values.Select(row => row.ToSums())];
    }

    private SummaryRow ToRow(ConfigurationTotals row) =>
        row.ToRow() with
        {
            IsNewest = row.Request is null && row.Index == _newest,
            KernelTier = kernel.Tier,
            HasCounters = kernel.HasCounters,
            FaultCost = faultCost,
            RuntimeTier = runtime?.Tier ?? Tiers.EventPipe,
        };
}

/// <summary>Accounts of one configuration, or of the requests of one name, added up.</summary>
internal sealed class ConfigurationTotals(WorkloadConfiguration configuration, string? request = null, UnitKind kind = UnitKind.Iteration)
{
    private const long LongestNanoseconds = 3_600_000_000_000;
    private const int MostInList = 256;

    /// <summary>Three digits: a quantile is within 0.1 % of a latency that was measured.</summary>
    private const int Digits = 3;

    [ThreadStatic]
    private static LongHistogram? s_shared;

    private LongHistogram? _latencies;

    /// <summary>A histogram takes 278 KB; of a configuration with a few iterations, the times themselves are kept.</summary>
    private readonly List<long> _first = [];

    private readonly DetailTotals _details = new();
    private StateTimes _times;
    private StateTimes _work;
    private long _iterations;
    private long _segments;
    private readonly Dictionary<IncompleteReasons, long> _incomplete = [];
    private (WorkloadConfiguration Of, KeyValuePair<string, object?>[] Labels) _labelled = (configuration, Labels.From(configuration));
    private SummaryRow? _row;
    private AccountSums? _sums;

    /// <summary>Index of the configuration.</summary>
    public long Index => configuration.Index;

    /// <summary>Name of the requests; null of a configuration.</summary>
    public string? Request => request;

    /// <param name="shown">The same configuration; the registry may have found out what else tells it from others.</param>
    /// <param name="account">Another account.</param>
    public void Add(WorkloadConfiguration shown, in UnitAccount account)
    {
        if (!ReferenceEquals(_labelled.Of, shown)) _labelled = (shown, Labels.From(shown));
        (_row, _sums) = (null, null);
        _iterations++;
        IncompleteReasons reason = Names.MainReason(account.Reasons);
        if (!account.IsComplete) _incomplete[reason] = _incomplete.GetValueOrDefault(reason) + 1;
        _times.Add(account.Times);
        _work.Add(account.Details.Work);
        _segments += account.Segments;
        _details.Add(account.Details);
        Record(Math.Clamp(account.Wall.Nanoseconds, 1, LongestNanoseconds));
    }

    /// <summary>The row as it stands; quantiles are only looked for when something was added.</summary>
    public SummaryRow ToRow() => _row ??= Compute();

    /// <summary>The sums as they stand.</summary>
    public AccountSums ToSums() => _sums ??= new AccountSums(
        _labelled.Labels, _iterations, new Dictionary<IncompleteReasons, long>(_incomplete), _times, _details.Copy());

    private SummaryRow Compute() => new(
        configuration, _iterations, _incomplete.Values.Sum(), Quantile(50), Quantile(95), Quantile(99), _times, IsNewest: false)
    {
        Request = request,
        Kind = kind,
        Work = _work,
        Segments = _segments,
        Details = _details.Copy(),
        IncompleteBecause = new Dictionary<IncompleteReasons, long>(_incomplete),
    };

    private void Record(long nanoseconds)
    {
        if (_latencies is null && _first.Count < MostInList)
        {
            _first.Add(nanoseconds);
            return;
        }

        _latencies ??= Histogram(_first);
        _latencies.RecordValue(nanoseconds);
    }

    private Duration Quantile(double percent) => new((_latencies ?? FromList(_first)).GetValueAtPercentile(percent));

    /// <summary>The same histogram for every configuration whose times are still in a list.</summary>
    private static LongHistogram FromList(List<long> values)
    {
        s_shared ??= new LongHistogram(LongestNanoseconds, Digits);
        s_shared.Reset();
        foreach (long value in values) s_shared.RecordValue(value);
        return s_shared;
    }

    private static LongHistogram Histogram(List<long> values)
    {
        var histogram = new LongHistogram(LongestNanoseconds, Digits);
        foreach (long value in values) histogram.RecordValue(value);
        values.Clear();
        values.TrimExcess();
        return histogram;
    }
}

/// <summary>One configuration's accounts, added up.</summary>
/// <param name="Labels">The configuration.</param>
/// <param name="Iterations">How many ended.</param>
/// <param name="IncompleteBecause">How many of them lack something, by the most telling reason.</param>
/// <param name="Times">Wall time by state.</param>
/// <param name="Details">Counts and times besides the split.</param>
internal sealed record AccountSums(
    KeyValuePair<string, object?>[] Labels,
    long Iterations,
    IReadOnlyDictionary<IncompleteReasons, long> IncompleteBecause,
    StateTimes Times,
    DetailTotals Details)
{
    /// <summary>How many lack nothing.</summary>
    public long Complete => Iterations - IncompleteBecause.Values.Sum();

    /// <summary>A value of this configuration, with one more label.</summary>
    public Measurement<T> Measure<T>(T value, string label, string labelValue)
        where T : struct => new(value, [.. Labels, new(label, labelValue)]);
}
