using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>
/// The socket on which a .NET runtime answers: TMPDIR/dotnet-diagnostic-PID-START-socket, with the id and the TMPDIR that
/// the process itself sees (documentation/design-docs/ipc-protocol.md of dotnet/diagnostics).
/// </summary>
/// <remarks>
/// START is the process's start time, so a socket that outlived its process is never taken for the one of a later
/// process with the same id. In a time namespace of its own a process reads another start time than we do.
/// </remarks>
internal static class DiagnosticsSocket
{
    /// <summary>Bytes that the path of a socket may have: sun_path in unix(7), less the final zero.</summary>
    public const int LongestPath = 107;

    private const long NanosecondsPerTick = 10_000_000;
    private static readonly ConcurrentDictionary<string, FolderDescriptor?> Held = new();

    /// <summary>A path to the socket that we can use; null when there is none.</summary>
    public static string? Find(ProcessFacts process) =>
        Places(process).Where(File.Exists).Select(Shortened).OfType<string>().FirstOrDefault();

    /// <summary>The folder of its sockets, as the process sees it.</summary>
    public static string FolderOf(ProcessFacts process) =>
        Folder(ProcessFiles.ReadItems(process.Id, "environ")) ?? "/tmp/";

    /// <summary>Whether a process listens there and lets us in.</summary>
    public static SocketError Try(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return SocketError.Success;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode;
        }
    }

    /// <summary>The name of the file.</summary>
    public static string FileName(ProcessFacts process) =>
        FileName(process, TimeNamespace.ReadBootTimeOffset(process.Id), TimeNamespace.ReadBootTimeOffset(Environment.ProcessId));

    /// <summary>The name of the file, where both clocks are off the kernel's own.</summary>
    /// <param name="process">The process.</param>
    /// <param name="theirs">
    /// By how much the clock that start times are read by is ahead in its time namespace, in nanoseconds; null for none. One that is
    /// no multiple of a hundredth of a second may miss the name by one; unshare(1) and containers set whole seconds.
    /// </param>
    /// <param name="ours">The same of our own.</param>
    internal static string FileName(ProcessFacts process, long? theirs, long? ours)
    {
        long ticksAhead = ((theirs ?? 0) - (ours ?? 0)) / NanosecondsPerTick;
        return string.Create(CultureInfo.InvariantCulture, $"dotnet-diagnostic-{process.InnerId}-{process.StartTicks + ticksAhead}-socket");
    }

    private static IEnumerable<string> Places(ProcessFacts process)
    {
        string name = FileName(process);
        string folder = FolderOf(process);
        // In another pid namespace the same id and start time may be another process's.
        if (process.InnerId == process.Id && Path.IsPathRooted(folder)) yield return Path.Combine(folder, name);
        string view = ProcessFiles.FolderOf(process.Id);
        // Its own view of the file system: a container has another /tmp. What is relative begins where the process is.
        yield return Path.IsPathRooted(folder)
            ? $"{view}/root{Path.Combine(folder, name)}"
            : Path.Combine(view, "cwd", folder, name);
        // Where its view and its environment are closed to us, a shared volume is set up as our TMPDIR.
        yield return Path.Combine(Path.GetTempPath(), name);
    }

    /// <summary>The path itself, or one through a descriptor of its folder where it is too long for a socket.</summary>
    private static string? Shortened(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) <= LongestPath) return path;
        string folder = Path.GetDirectoryName(path)!;
        // Held for good: such folders are few, and a path that was given must stay one.
        return Held.GetOrAdd(folder, FolderDescriptor.TryOpen) is { } held ? Path.Combine(held.Path, Path.GetFileName(path)) : null;
    }

    private static string? Folder(string[] environment) =>
        environment.LastOrDefault(item => item.StartsWith("TMPDIR=", StringComparison.Ordinal)) is { Length: > 7 } item
            ? item[7..]
            : null;
}

/// <summary>Why a process cannot be observed and what would change that, in one line.</summary>
internal static class Refusal
{
    private const string ThreadOfRuntime = ".NET ";

    private static readonly string[] Switches =
    [
        "DOTNET_EnableDiagnostics=0", "DOTNET_EnableDiagnostics_IPC=0",
        "COMPlus_EnableDiagnostics=0", "COMPlus_EnableDiagnostics_IPC=0",
    ];

    /// <summary>For a number that is no process.</summary>
    public static string NoProcess(int id) => ProcessSignal.Exists(id)
        ? $"Process {id} is running, but /proc hides it from this user (it is mounted with hidepid). "
            + "Run the collector as the process's user or as root."
        : $"There is no process {id}. `attach --list` shows the .NET processes that can be observed.";

    /// <summary>For a process without a diagnostics socket that we could see.</summary>
    public static string NoSocket(ProcessFacts process)
    {
        string subject = $"Process {process.Id} ({process.Command})";
        // Runtimes name their threads, also those that are part of the program's own file; any user may read the names.
        bool isDotNet = ProcessThreads.List(process.Id).Any(thread =>
            ProcessThreads.TryReadName(process.Id, thread, out string name) && name.StartsWith(ThreadOfRuntime, StringComparison.Ordinal));
        string? maps = ProcessFiles.TryRead(process.Id, "maps");
        if (maps is null && isDotNet) return NotAllowed(process);
        if (!isDotNet && (maps is null || RuntimeLibrary.PathIn(maps) is null))
            return $"{subject} has neither loaded a .NET runtime nor opened a diagnostics socket. A program that was compiled ahead of time (NativeAOT) "
                + "opens one if it was published with <EventSourceSupport>true</EventSourceSupport>; any other is not a .NET process. "
                + "`attach --list` shows those that can be observed.";
        string[] environment = ProcessFiles.ReadItems(process.Id, "environ");
        if (Switches.FirstOrDefault(environment.Contains) is { } disabled)
            return $"{subject} is a .NET process whose diagnostics are disabled. Start it without {disabled}.";
        return $"{subject} is a .NET process without a diagnostics socket in {DiagnosticsSocket.FolderOf(process)}. "
            + "If it is just starting, try again; otherwise restart it, with diagnostics enabled and that folder writable.";
    }

    /// <summary>For a process whose runtime waits to be resumed before it runs any code.</summary>
    public static string Suspended(ProcessFacts process)
    {
        string subject = $"Process {process.Id} ({process.Command}) waits to be resumed and has not run any code yet";
        return WaitsFor(process) is { } port
            ? $"{subject}: it waits for a tool that listens on '{port}' (DOTNET_DiagnosticPorts). "
                + $"`attach --diagnostic-port {port}` observes it from its first instruction."
            : $"{subject}. With --resume it is resumed as soon as it is observed.";
    }

    /// <summary>The path at which a suspended process waits for a tool; null when any tool may resume it.</summary>
    public static string? WaitsFor(ProcessFacts process)
    {
        const string variable = "DOTNET_DiagnosticPorts=";
        string? ports = ProcessFiles.ReadItems(process.Id, "environ").LastOrDefault(item => item.StartsWith(variable, StringComparison.Ordinal));
        return ports?[variable.Length..]
            .Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(port => port.Split(','))
            .FirstOrDefault(port => !port.Contains("nosuspend"))?[0];
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
