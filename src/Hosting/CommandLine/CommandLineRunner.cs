using System.CommandLine;
using System.CommandLine.Parsing;

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
        LastWords.SayWhatEnds(program);
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
#pragma warning disable CA1031 // The program's edge: one line says what it was, then the stack, as far as that can be told.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            Console.Error.WriteLine(LastWords.Of(program, LastWords.Defect, defect));
            Console.Error.WriteLine(LastWords.StackOf(defect));
            return ExitCodes.Finding;
        }
    }

    /// <summary>The programs handle signals themselves, and an unexpected exception gets a line before its stack trace.</summary>
    private static InvocationConfiguration Plain => new()
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
    };

    /// <summary>A word that is unknown explains more than the command or value that is then missing.</summary>
    private static string FirstError(ParseResult parsed) => parsed.UnmatchedTokens is [var unknown, ..]
        ? $"Unrecognized command or argument '{unknown}'."
        : Conversion(parsed.Errors[0]) ?? parsed.Errors[0].Message;

    /// <summary>The library names the type in the language of .NET: System.Nullable`1[System.Int32].</summary>
    private static string? Conversion(ParseError error)
    {
        if (error.SymbolResult is not OptionResult { Option: { } option, Tokens: [{ Value: var text }] }
            || !error.Message.Contains(option.ValueType.ToString(), StringComparison.Ordinal)) return null;
        Type type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        string allowed = type == typeof(bool) ? Values.Flag.Allowed
            : type == typeof(int) || type == typeof(long) ? "a whole number"
            : type == typeof(double) ? "a number"
            : $"another value ({option.Description})";
        return $"{option.Name} is '{text}'; give {allowed}.";
    }

    private static int Refuse(string program, string message)
    {
        Say(program, message);
        return ExitCodes.WrongUsage;
    }

    private static void Say(string program, string message) =>
        Console.Error.WriteLine(SafeText.Line($"{program}: {message}"));
}

/// <summary>What a process of the product returns.</summary>
public static class ExitCodes
{
    /// <summary>It did what it was asked to do.</summary>
    public const int Done = 0;

    /// <summary>It found something: a threshold failed, or what it observed went wrong.</summary>
    public const int Finding = 1;

    /// <summary>It was asked wrongly; one line on standard error says how to ask.</summary>
    public const int WrongUsage = 2;
}

/// <summary>
/// Something only the user can put right. The message is one line that names the remedy; the process prints it and
/// ends with <see cref="ExitCodes.WrongUsage"/>, without a stack trace.
/// </summary>
public sealed class UsageException(string message) : Exception(message);
