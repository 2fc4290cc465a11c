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
