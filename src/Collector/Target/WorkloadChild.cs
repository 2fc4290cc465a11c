using System.Diagnostics;
using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>
/// The workload, started by the collector. Its runtime connects to us before it runs any code and waits until every
/// source listens, so that the first iteration is seen like every other.
/// </summary>
internal sealed class WorkloadChild : ITarget
{
    /// <summary>The longest iteration of the study takes seconds and is never cut short.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    private readonly string _port = Path.Combine(Path.GetTempPath(), $"observatory-{Guid.NewGuid():N}.sock");
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
        // Without ",nosuspend": it waits for us, and we are there.
        start.Environment["DOTNET_DiagnosticPorts"] = _port;
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
        Task<DiagnosticsClientConnector> connecting =
            DiagnosticsClientConnector.FromDiagnosticPort(_port, cancellation);
        _process.Start();
        _output.Begin();
        Task first = await Task.WhenAny(connecting, _process.WaitForExitAsync(cancellation)).ConfigureAwait(false);
        if (first != connecting && !connecting.IsCompleted)
            throw new UsageException($"The workload ended before it could be observed: {_output.LastLine}");
        // Told to stop while it waits, the library returns nothing instead of throwing.
        _connector = await connecting.ConfigureAwait(false) ?? throw new OperationCanceledException(cancellation);
        return _connector.Instance;
    }

    public void Resume(DiagnosticsClient client) => client.ResumeRuntime();

    public async Task StopAsync()
    {
        if (!IsRunning) return;
        // Not by a signal: after a Ctrl-C in a terminal it has had one already, and would take a second for "at once".
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Grace);
        try
        {
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        if (_connector is not null) await _connector.DisposeAsync().ConfigureAwait(false);
        _process.Dispose();
        File.Delete(_port);
    }

    private bool IsRunning => _output.HasBegun && !_process.HasExited;
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
