namespace Observatory.Collector;

/// <summary>
/// What stands beside the accounts of a configuration; null for what was not measured. Modelled, not measured, is the CPU
/// time of minor faults: their number times what one costs by the calibration.
/// </summary>
internal sealed record BesideDocument(
    long? VoluntarySwitches,
    long? InvoluntarySwitches,
    long? Migrations,
    long? MinorFaults,
    long? MajorFaults,
    long? PoolMinorFaults,
    long? PoolMajorFaults,
    double? ModelledFaultSeconds,
    double? PoolModelledFaultSeconds)
{
    public static BesideDocument Of(SummaryRow row)
    {
        DetailTotals totals = row.Details;
        bool counts = MeasuredDetails.HasCounts(row.KernelTier, row.HasCounters);
        bool pool = MeasuredDetails.HasPool(row.KernelTier);
        return new BesideDocument(
            counts ? totals.VoluntarySwitches : null,
            counts ? totals.InvoluntarySwitches : null,
            MeasuredDetails.HasMigrations(row.KernelTier) ? totals.Migrations : null,
            counts ? totals.MinorFaults : null,
            counts ? totals.MajorFaults : null,
            pool ? totals.PoolMinorFaults : null,
            pool ? totals.PoolMajorFaults : null,
            counts ? totals.MinorFaults * row.FaultCost?.Seconds : null,
            pool ? totals.PoolMinorFaults * row.FaultCost?.Seconds : null);
    }
}
