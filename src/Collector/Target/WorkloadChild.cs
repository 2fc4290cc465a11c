using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>
/// The workload, started by the collector. Its runtime connects to us as soon as it is there, and its program waits at a gate
/// until every source listens, so that the first iteration is seen like every other.
/// </summary>
internal sealed class WorkloadChild : ITarget
{
    /// <summary>The longest iteration of the study takes seconds and is never cut short.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    /// <summary>Results should not wait for it: `docker stop` kills after ten seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>How long a signal of our own may come after the one that has ended the child.</summary>
    private static readonly TimeSpan OwnSignal = TimeSpan.FromSeconds(2);

    /// <summary>Exit codes above are those of processes that a signal ended.</summary>
    private const int SignalExit = 128;

    private readonly string _port = PortPath.Temporary();
    private readonly Process _process;
    private readonly ChildOutput _output;
    private DiagnosticsClientConnector? _connector;

    /// <param name="executable">Path of the workload.</param>
    /// <param name="arguments">What follows <c>sweep</c>.</param>
    /// <param name="log">Receives each line that the workload logs.</param>
    public WorkloadChild(string executable, IEnumerable<string> arguments, Action<string> log)
    {
        var start = new ProcessStartInfo(executable, ["sweep", "--until-stdin-closes", .. arguments])
        {
            // Held open as long as we live: if we are killed, the workload sees its end and stops.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The program waits, not its runtime: that would wait for ever if we were killed before we let it go.
        start.Environment["DOTNET_DiagnosticPorts"] = $"{_port},nosuspend";
        start.Environment[StartGate.Variable] = "stdin";
        // Ours, if there is one; both push to the same place then, and have to be told apart.
        start.Environment.Remove("OTEL_SERVICE_NAME");
        _process = new Process { StartInfo = start };
        _output = new ChildOutput(_process, log);
    }

    public int ProcessId => _process.Id;

    public bool HasHeartbeat => true;

    public int ExitCode => _process.HasExited ? _process.ExitCode : ExitCodes.Done;

    public async Task<DiagnosticsClient> ConnectAsync(CancellationToken cancellation)
    {
        StalePorts.Remove();
        Task<DiagnosticsClientConnector> connecting =
            DiagnosticsClientConnector.FromDiagnosticPort(_port, cancellation);
        cancellation.ThrowIfCancellationRequested();
        _process.Start();
        _output.Begin();
        Task first = await Task.WhenAny(connecting, _process.WaitForExitAsync(cancellation)).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        if (first != connecting && !connecting.IsCompleted)
        {
            // A terminal sends its Ctrl-C to both of us, and the child may be gone before ours has been handled.
            if (_process.ExitCode > SignalExit) await Task.Delay(OwnSignal, cancellation).ConfigureAwait(false);
            throw new UsageException($"The workload ended before it could be observed: {_output.LastLine}");
        }

        // Told to stop while it waits, the library returns nothing instead of throwing.
        _connector = await connecting.ConfigureAwait(false) ?? throw new OperationCanceledException(cancellation);
        return _connector.Instance;
    }

    public void Resume(DiagnosticsClient client) => StartGate.Open(_process.StandardInput.BaseStream);

    public async Task StopAsync()
    {
        if (!IsRunning) return;
        // Not by a signal: after a Ctrl-C in a terminal it has had one already, and would take a second for "at once".
        _process.StandardInput.Close();
        await HasEndedAsync(Patience).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning) await EndAsync().ConfigureAwait(false);
        if (_connector is not null) await _connector.DisposeAsync().ConfigureAwait(false);
        _process.Dispose();
        File.Delete(_port);
    }

    /// <summary>One that is stopped runs no code: it would never see that it should end.</summary>
    private async Task EndAsync()
    {
        if (ProcessFacts.Read(_process.Id) is not { IsStopped: true })
        {
            _process.StandardInput.Close();
            if (await HasEndedAsync(Grace).ConfigureAwait(false)) return;
        }

        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<bool> HasEndedAsync(TimeSpan limit)
    {
        using var over = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _process.HasExited;
    }

    private bool IsRunning => _output.HasBegun && !_process.HasExited;
}

/// <summary>The sockets on which collectors wait for their workloads. One that was killed leaves its socket behind.</summary>
internal static class StalePorts
{
    private const string Prefix = "observatory-";
    private const string Ending = ".sock";

    /// <summary>Younger ones may be about to be listened on.</summary>
    private static readonly TimeSpan Young = TimeSpan.FromMinutes(1);

    /// <summary>A path for a socket of our own.</summary>
    public static string NewPath() => Path.Combine(Path.GetTempPath(), $"{Prefix}{Guid.NewGuid():N}{Ending}");

    /// <summary>Removes those that no process listens on.</summary>
    public static void Remove() => Remove(Path.GetTempPath(), Young);

    internal static void Remove(string folder, TimeSpan young)
    {
        foreach (string path in Directory.EnumerateFiles(folder, $"{Prefix}*{Ending}"))
        {
            // The name of a path of ours, so that no other program's file is taken for one.
            if (!Guid.TryParseExact(Path.GetFileName(path)[Prefix.Length..^Ending.Length], "N", out _)) continue;
            if (TimeProvider.System.GetUtcNow() - File.GetLastWriteTimeUtc(path) < young) continue;
            if (DiagnosticsSocket.Try(path) == SocketError.ConnectionRefused) TryDelete(path);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Another user's.
        }
    }
}

/// <summary>
/// Reads what a child prints, so that it never waits for room in a pipe. Its log lines are passed on; its results are
/// dropped, because the collector prints better ones.
/// </summary>
internal sealed class ChildOutput
{
    private readonly Process _process;
    private volatile string _lastLine = "it printed nothing";

    public ChildOutput(Process process, Action<string> log)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            if (string.IsNullOrWhiteSpace(line.Data)) return;
            _lastLine = line.Data;
            log(line.Data);
        };
    }

    /// <summary>True once the child was started.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The child's last log line: where it failed, this says why.</summary>
    public string LastLine => _lastLine;

    public void Begin()
    {
        HasBegun = true;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }
}

/// <summary>Finds the workload that belongs to this collector.</summary>
internal static class WorkloadLocator
{
    private const string Program = "Observatory.Workload";

    /// <summary>Path of the workload's executable.</summary>
    /// <exception cref="UsageException">It is at none of the places where a build or a release puts it.</exception>
    public static string Find(string collectorFolder)
    {
        string[] places = [.. Places(collectorFolder)];
        return places.FirstOrDefault(File.Exists)
            ?? throw new UsageException(
                $"The workload is not built. Build it with `dotnet build -c Release`; looked for {string.Join(", ", places)}.");
    }

    private static IEnumerable<string> Places(string collectorFolder)
    {
        string folder = Path.TrimEndingDirectorySeparator(collectorFolder);
        // A release has it in a folder of its own; a build has every project's output side by side.
        yield return Path.Combine(folder, "workload", Program);
        yield return Path.GetFullPath(Path.Combine(folder, "..", "..", "Workload", Path.GetFileName(folder), Program));
    }
}
