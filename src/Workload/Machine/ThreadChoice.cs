using System.Globalization;

namespace Observatory.Workload;

/// <summary>How many threads libtorch computes with, and why.</summary>
internal readonly record struct ThreadChoice(int Threads, string Reason)
{
    /// <summary>
    /// What was asked for; else the smaller of the processors and the whole CPUs of the quota. libtorch sees the
    /// affinity mask but not a quota: with more threads than the quota pays for, all of them stop in mid-operation.
    /// </summary>
    /// <param name="asked">Threads the user named; null for none.</param>
    /// <param name="processors">CPUs of the affinity mask.</param>
    /// <param name="quota">CPUs of the cgroup quota; null for no limit.</param>
    public static ThreadChoice Choose(int? asked, int processors, double? quota)
    {
        if (asked is { } threads) return new ThreadChoice(threads, "as asked");
        int paid = quota is { } cpus ? Math.Max(1, (int)Math.Min(cpus, int.MaxValue)) : int.MaxValue;
        return paid <= processors
            ? new ThreadChoice(paid, string.Create(CultureInfo.InvariantCulture, $"cgroup quota of {quota:0.##} CPUs"))
            : new ThreadChoice(processors, $"affinity mask of {processors} CPUs");
    }
}
