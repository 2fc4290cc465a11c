using System.CommandLine;
using Observatory.Contract;

namespace Observatory.Collector.CommandLine;

/// <summary>From arguments to an exit code. Every message about wrong usage is one line on standard error.</summary>
internal static class CommandLineEntry
{
    private const string WorkloadSeparator = "--";

    /// <summary>Parses the arguments and runs the command they name.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(
        string[] arguments, Func<ObserveOptions, Task<int>> observe, Func<bool, int> diagnose)
    {
        int separator = Array.IndexOf(arguments, WorkloadSeparator);
        string[] own = separator < 0 ? arguments : arguments[..separator];
        string[] workload = separator < 0 ? [] : arguments[(separator + 1)..];
        ParseResult parsed = Commands.Create(workload, observe, diagnose).Parse(own);
        if (parsed.Errors.Count > 0) return Refuse($"{parsed.Errors[0].Message} See --help.");
        try
        {
            return await parsed.InvokeAsync(Plain).ConfigureAwait(false);
        }
        catch (UsageException problem)
        {
            return Refuse(problem.Message);
        }
    }

    /// <summary>The session handles signals itself, and an unexpected exception should keep its stack trace.</summary>
    private static InvocationConfiguration Plain => new()
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
    };

    private static int Refuse(string message)
    {
        Console.Error.WriteLine($"collector: {message.ReplaceLineEndings(" ")}");
        return ExitCodes.WrongUsage;
    }
}
