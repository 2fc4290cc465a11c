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
    private readonly SortedDictionary<long, ConfigurationSummary> _rows = [];
    private long _newest = -1;

    public void IterationClosed(WorkloadConfiguration configuration, in IterationAccount account)
    {
        lock (_entry)
        {
            if (!_rows.TryGetValue(configuration.Index, out ConfigurationSummary? row))
                _rows.Add(configuration.Index, row = new ConfigurationSummary(configuration));
            row.Add(account);
            _newest = configuration.Index;
        }
    }

    /// <summary>A copy of every row, in the order in which the workload lists its configurations.</summary>
    public IReadOnlyList<SummaryRow> Rows()
    {
        lock (_entry) return [.. _rows.Values.Select(ToRow)];
    }

    private SummaryRow ToRow(ConfigurationSummary row) =>
        row.ToRow() with
        {
            IsNewest = row.Index == _newest,
            KernelTier = kernel.Tier,
            HasCounters = kernel.HasCounters,
            FaultCost = faultCost,
            RuntimeTier = runtime?.Tier ?? Tiers.EventPipe,
        };
}
