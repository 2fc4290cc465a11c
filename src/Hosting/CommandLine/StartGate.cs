namespace Observatory.Hosting;

/// <summary>
/// Holds a child until its parent is ready for it: it does nothing before a byte comes on its standard input, and ends where
/// none will come because the parent is gone. A runtime that waits to be resumed would wait for a killed parent for ever.
/// </summary>
public static class StartGate
{
    /// <summary>Environment variable by which a child knows that there is a gate.</summary>
    public const string Variable = "OBSERVATORY_START_GATE";

    /// <summary>For the child, before anything else: waits where it was told to.</summary>
    /// <returns>False when the parent is gone.</returns>
    public static bool Pass()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null) return true;
        // What this process starts has no gate.
        Environment.SetEnvironmentVariable(Variable, null);
        using Stream input = Console.OpenStandardInput();
        return Pass(input);
    }

    /// <summary>For the parent: lets the child go.</summary>
    /// <param name="input">The child's standard input.</param>
    /// <exception cref="IOException">The child has ended.</exception>
    public static void Open(Stream input)
    {
        input.WriteByte((byte)'\n');
        input.Flush();
    }

    /// <summary>Reads one byte and no more: what follows is for others.</summary>
    internal static bool Pass(Stream input) => input.ReadByte() >= 0;
}
