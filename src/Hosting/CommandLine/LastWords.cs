namespace Observatory.Hosting;

/// <summary>
/// What a program says of an exception that it did not expect. The runtime prints only the text of one that nothing has caught, and where
/// making that text fails as well, for want of memory or of a file, it says so and nothing else.
/// </summary>
public static class LastWords
{
    /// <summary>Before an exception that no code expects.</summary>
    public const string Defect = "ended by an internal error, please report it";

    private static int _isSaying;

    /// <summary>One line: what happened, and the exception's type and message, as far as they can be told.</summary>
    /// <param name="program">Stands before it.</param>
    /// <param name="what">What it means.</param>
    /// <param name="failure">The exception.</param>
    public static string Of(string program, string what, Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return SafeText.Line($"{program}: {what}: {failure.GetType().FullName}: {Tell(() => failure.Message)}");
    }

    /// <summary>Where it was thrown, with what caused it, as far as that can be told.</summary>
    public static string StackOf(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return Tell(failure.ToString);
    }

    /// <summary>Says the line also where an exception ends the process from another thread; once.</summary>
    public static void SayWhatEnds(string program)
    {
        if (Interlocked.Exchange(ref _isSaying, 1) != 0) return;
        AppDomain.CurrentDomain.UnhandledException += (_, told) =>
        {
            if (told.ExceptionObject is Exception failure)
                Console.Error.WriteLine(Of(program, $"{Defect}, on thread '{Thread.CurrentThread.Name}'", failure));
        };
    }

    private static string Tell(Func<string?> text)
    {
        try
        {
            return text() ?? "";
        }
#pragma warning disable CA1031 // An exception that cannot be told is the reason for this.
        catch (Exception untold)
#pragma warning restore CA1031
        {
            return $"(its text could not be made: {untold.GetType().FullName})";
        }
    }
}
