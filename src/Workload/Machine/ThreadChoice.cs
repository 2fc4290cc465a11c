using System.Globalization;

namespace Observatory.Workload;

/// <summary>How many threads libtorch computes with, and why.</summary>
/// <param name="Threads">Each configuration is measured with each of these.</param>
/// <param name="Reason">Where the numbers come from.</param>
/// <param name="Warning">Why some of them are too many; null: none is.</param>
internal sealed record ThreadChoice(IReadOnlyList<int> Threads, string Reason, string? Warning)
{
    /// <summary>
    /// What was asked for; else the smaller of the processors and the whole CPUs of the quota. libtorch sees the
    /// affinity mask but not a quota: with more threads than the quota pays for, all of them stop in mid-operation.
    /// </summary>
    /// <param name="asked">Threads the user named; empty for none.</param>
    /// <param name="processors">CPUs of the affinity mask.</param>
    /// <param name="quota">CPUs of the cgroup quota; null for no limit.</param>
    public static ThreadChoice Choose(IReadOnlyList<int> asked, int processors, double? quota)
    {
        if (asked.Count > 0) return new ThreadChoice(asked, "as asked", Excess(asked, processors, quota));
        int paid = quota is { } cpus ? Math.Max(1, (int)Math.Min(cpus, int.MaxValue)) : int.MaxValue;
        return paid <= processors
            ? new ThreadChoice([paid], $"cgroup quota of {Cpus(quota)}", null)
            : new ThreadChoice([processors], $"affinity mask of {Cpus(processors)}", null);
    }

    private static string? Excess(IReadOnlyList<int> asked, int processors, double? quota)
    {
        double allowed = Math.Min(processors, quota ?? double.PositiveInfinity);
        int[] above = [.. asked.Where(threads => threads > allowed)];
        if (above.Length == 0) return null;
        string which = $"{string.Join(", ", above)} threads are more than ";
        return quota < processors
            ? $"{which}the cgroup quota of {Cpus(quota)} pays for: they will be throttled"
            : $"{which}the {Cpus(processors)} of the affinity mask: they will wait for each other";
    }

    private static string Cpus(double? count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:0.##} {(count == 1 ? "CPU" : "CPUs")}");
}
