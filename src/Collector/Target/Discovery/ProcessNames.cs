namespace Observatory.Collector;

/// <summary>The names by which a person may call a .NET process.</summary>
internal static class ProcessNames
{
    private const string AssemblyEnding = ".dll";

    /// <summary>All of them, the one that says most first.</summary>
    /// <param name="command">The process's comm.</param>
    /// <param name="commandLine">Its arguments, itself first.</param>
    public static IReadOnlyList<string> Of(string command, IReadOnlyList<string> commandLine)
    {
        if (commandLine.Count == 0) return [command];
        string program = Path.GetFileName(commandLine[0]);
        // `dotnet exec --some-option value App.dll`: the host says nothing, the assembly behind its options everything.
        string? assembly = program == "dotnet"
            ? commandLine.FirstOrDefault(argument => argument.EndsWith(AssemblyEnding, StringComparison.Ordinal))
            : null;
        return assembly is null
            ? [program, command]
            : [Path.GetFileNameWithoutExtension(assembly), Path.GetFileName(assembly), program, command];
    }
}
