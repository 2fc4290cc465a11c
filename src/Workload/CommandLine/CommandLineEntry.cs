using System.CommandLine;
using Observatory.Contract;
using Observatory.Workload.Options;

namespace Observatory.Workload.CommandLine;

/// <summary>From arguments to an exit code. Every message about wrong usage is one line on standard error.</summary>
internal static class CommandLineEntry
{
    /// <summary>Parses the arguments and runs the command they name.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, Func<SweepOptions, Task> sweep)
    {
        var root = new RootCommand("A sweep of tensor operations that an observer can account for.")
        {
            SweepCommand.Create(sweep),
            HealthCommand.Create(),
        };
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0) return Refuse($"{FirstError(parsed)} See --help.");
        try
        {
            return await parsed.InvokeAsync(Plain);
        }
        catch (UsageException problem)
        {
            return Refuse(problem.Message);
        }
    }

    /// <summary>The sweep handles signals itself, and an unexpected exception should keep its stack trace.</summary>
    private static InvocationConfiguration Plain => new()
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
    };

    /// <summary>A word that is unknown explains more than the command or value that is then missing.</summary>
    private static string FirstError(ParseResult parsed) => parsed.UnmatchedTokens is [var unknown, ..]
        ? $"Unrecognized command or argument '{unknown}'."
        : parsed.Errors[0].Message;

    private static int Refuse(string message)
    {
        Console.Error.WriteLine($"workload: {message.ReplaceLineEndings(" ")}");
        return ExitCodes.WrongUsage;
    }
}
