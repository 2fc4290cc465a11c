namespace Observatory.Collector;

/// <summary>Where our own arguments end and those of the workload begin.</summary>
internal static class WorkloadArguments
{
    private const string Separator = "--";

    /// <summary>Splits at the first <c>--</c>; everything behind it goes to the workload as it is.</summary>
    public static (string[] Own, string[] Workload) Split(string[] arguments)
    {
        int separator = Array.IndexOf(arguments, Separator);
        return separator < 0 ? (arguments, []) : (arguments[..separator], arguments[(separator + 1)..]);
    }
}
