namespace Observatory.Workload.CommandLine;

/// <summary>What the process returns; the same numbers in every Observatory program.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int WrongUsage = 2;
}
