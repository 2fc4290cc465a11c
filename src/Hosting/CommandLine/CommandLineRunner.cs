using System.CommandLine;

namespace Observatory.Hosting;

/// <summary>From arguments to an exit code. Every message about wrong usage is one line on standard error.</summary>
public static class CommandLineRunner
{
    /// <summary>Parses the arguments and runs the command they name.</summary>
    /// <param name="program">Stands before each message.</param>
    /// <param name="root">The commands and options there are.</param>
    /// <param name="arguments">What the user wrote.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string program, RootCommand root, string[] arguments)
    {
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0) return Refuse(program, $"{FirstError(parsed)} See --help.");
        try
        {
            return await parsed.InvokeAsync(Plain).ConfigureAwait(false);
        }
        catch (UsageException problem)
        {
            return Refuse(program, problem.Message);
        }
        catch (OutputFailedException problem)
        {
            Say(program, problem.Message);
            return ExitCodes.Finding;
        }
    }

    /// <summary>The programs handle signals themselves, and an unexpected exception should keep its stack trace.</summary>
    private static InvocationConfiguration Plain => new()
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
    };

    /// <summary>A word that is unknown explains more than the command or value that is then missing.</summary>
    private static string FirstError(ParseResult parsed) => parsed.UnmatchedTokens is [var unknown, ..]
        ? $"Unrecognized command or argument '{unknown}'."
        : parsed.Errors[0].Message;

    private static int Refuse(string program, string message)
    {
        Say(program, message);
        return ExitCodes.WrongUsage;
    }

    private static void Say(string program, string message) =>
        Console.Error.WriteLine(SafeText.Line($"{program}: {message}"));
}
