namespace Observatory.Collector;

/// <summary>Why a process cannot be observed and what would change that, in one line.</summary>
internal static class Refusal
{
    private static readonly string[] Switches = ["DOTNET_EnableDiagnostics=0", "DOTNET_EnableDiagnostics_IPC=0"];

    /// <summary>For a number that is no process.</summary>
    public static string NoProcess(int id) =>
        $"There is no process {id}. `attach --list` shows the .NET processes that can be observed.";

    /// <summary>For a process without a diagnostics socket that we could see.</summary>
    public static string NoSocket(ProcessFacts process)
    {
        string who = $"Process {process.Id} ({process.Command})";
        if (ProcText.TryRead(process.Id, "maps") is not { } maps) return NotAllowed(process);
        if (RuntimeLibrary.PathIn(maps) is null)
            return $"{who} is not a .NET process: it has neither loaded a runtime nor opened a diagnostics socket. `attach --list` shows those that have.";
        string[] environment = ProcText.ReadItems(process.Id, "environ");
        if (Switches.FirstOrDefault(environment.Contains) is { } disabled)
            return $"{who} is a .NET process whose diagnostics are disabled. Start it without {disabled}.";
        return $"{who} is a .NET process without a diagnostics socket in {DiagnosticsSocket.FolderOf(process)}. "
            + "If it is just starting, try again; otherwise start it anew, with diagnostics enabled and that folder writable.";
    }

    /// <summary>For a process that lets only others look.</summary>
    public static string NotAllowed(ProcessFacts process)
    {
        uint? own = ProcessFacts.Read(Environment.ProcessId)?.UserId;
        return own == process.UserId
            ? $"Process {process.Id} ({process.Command}) is closed even to its own user. Run the collector with CAP_SYS_PTRACE, as root has it."
            : $"Process {process.Id} ({process.Command}) belongs to user {process.UserId}; this is user {own}. "
                + "Run the collector as that user or as root.";
    }
}
