using System.CommandLine;

namespace Observatory.Workload;

/// <summary>The commands: <c>sweep</c>, <c>health</c>, <c>report</c> and <c>compare</c>.</summary>
internal static class Commands
{
    public static RootCommand Create(Func<SweepOptions, Task> sweep) =>
        new("A sweep of tensor operations that an observer can account for.")
        {
            SweepCommand.Create(sweep),
            HealthCommand.Create(),
            ReportCommand.Create(),
            CompareCommand.Create(),
        };
}
