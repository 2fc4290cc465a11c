namespace Observatory.Kernel;

/// <summary>How often and how long a CPU quota has held a control group back since it was made.</summary>
/// <param name="Periods">Periods of the quota in which the group had work.</param>
/// <param name="ThrottledPeriods">Those of them in which it used its quota up.</param>
/// <param name="ThrottledNanoseconds">
/// Time held back, summed over CPUs: a group with work on two CPUs is held back for two seconds in one.
/// </param>
public readonly record struct CgroupThrottlingCounts(long Periods, long ThrottledPeriods, long ThrottledNanoseconds);
