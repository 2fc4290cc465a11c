using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Hosting;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>The process that is observed.</summary>
internal interface ITarget : IAsyncDisposable
{
    /// <summary>Process id, in the collector's pid namespace.</summary>
    int ProcessId { get; }

    /// <summary>True when it is known to send an event a second by itself, as the contract asks.</summary>
    bool HasHeartbeat { get; }

    /// <summary>Opens the way to its runtime.</summary>
    /// <exception cref="Hosting.UsageException">There is no such process, or its runtime does not answer.</exception>
    Task<DiagnosticsClient> ConnectAsync(CancellationToken cancellation);

    /// <summary>Every source listens: a target that waited for that may go on.</summary>
    void Resume(DiagnosticsClient client);

    /// <summary>
    /// Tells the target to end where it was started by the collector, and waits some seconds for that; otherwise leaves it
    /// alone. What has not ended then is waited for, and in the end killed, when this is disposed.
    /// </summary>
    Task StopAsync();

    /// <summary>What the target's end means for the exit code of the collector.</summary>
    int ExitCode { get; }
}

/// <summary>A process that runs already. Observing it changes nothing about how long it runs.</summary>
/// <param name="processId">The process.</param>
/// <param name="resumes">Whether one whose runtime waits to be resumed is let go once it is observed.</param>
internal sealed class AttachedProcess(int processId, bool resumes = false) : ITarget
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(2);
    private DiagnosticsClientConnector? _connector;
    private bool _isSuspended;

    public int ProcessId => processId;

    public bool HasHeartbeat => ContractLibrary.IsLoadedBy(processId);

    public int ExitCode => ExitCodes.Done;

    public async Task<DiagnosticsClient> ConnectAsync(CancellationToken cancellation)
    {
        ProcessFacts process = ProcessFacts.Read(processId) ?? throw new UsageException(Refusal.NoProcess(processId));
        string socket = DiagnosticsSocket.Find(process) ?? throw new UsageException(Refusal.NoSocket(process));
        if (process.IsStopped)
            throw new UsageException($"Process {processId} ({process.Command}) is stopped and cannot answer. Resume it with `kill -CONT {processId}`.");
        SocketError answer = await TryAsync(socket, cancellation).ConfigureAwait(false);
        if (answer == SocketError.AccessDenied) throw new UsageException(Refusal.NotAllowed(process));
        if (answer != SocketError.Success)
            throw new UsageException($"Process {processId} ({process.Command}) does not answer on {socket}: {answer}. Is it still running?");
        _isSuspended = await IsSuspendedAsync(cancellation).ConfigureAwait(false);
        if (_isSuspended && (!resumes || Refusal.WaitsFor(process) is not null)) throw new UsageException(Refusal.Suspended(process));
        // By the path, not by the process id: the library would look for the newest socket that has the id in its name.
        _connector = await DiagnosticsClientConnector
            .FromDiagnosticPort($"{socket},connect", cancellation)
            .ConfigureAwait(false);
        return _connector.Instance;
    }

    public void Resume(DiagnosticsClient client)
    {
        if (_isSuspended) client.ResumeRuntime();
    }

    public Task StopAsync() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_connector is not null) await _connector.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>A runtime that has just begun has bound its socket for a moment before it listens there.</summary>
    private async Task<SocketError> TryAsync(string socket, CancellationToken cancellation)
    {
        long begun = Stopwatch.GetTimestamp();
        SocketError answer = DiagnosticsSocket.Try(socket);
        while (answer == SocketError.ConnectionRefused && Stopwatch.GetElapsedTime(begun) < LongestStart && ProcessFacts.Read(processId) is not null)
        {
            await Task.Delay(10, cancellation).ConfigureAwait(false);
            answer = DiagnosticsSocket.Try(socket);
        }

        return answer;
    }

    /// <summary>Without the core library for a while: one that has just begun loads it within milliseconds.</summary>
    private async Task<bool> IsSuspendedAsync(CancellationToken cancellation)
    {
        long begun = Stopwatch.GetTimestamp();
        while (ProcessFiles.TryRead(processId, "maps") is { } maps && RuntimeLibrary.IsSuspended(maps))
        {
            if (Stopwatch.GetElapsedTime(begun) > LongestStart) return true;
            await Task.Delay(50, cancellation).ConfigureAwait(false);
        }

        return false;
    }
}

/// <summary>The newest process that goes by a name, waited for while there is none.</summary>
/// <param name="name">The name.</param>
/// <param name="resumes">Whether one whose runtime waits to be resumed is let go once it is observed.</param>
/// <param name="log">Told in a line what is waited for.</param>
internal sealed class NamedProcess(string name, bool resumes, Action<string> log) : ITarget
{
    /// <summary>Between two looks at every process of the machine, where no socket is seen to appear.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private AttachedProcess? _found;

    public int ProcessId => Found.ProcessId;

    public bool HasHeartbeat => Found.HasHeartbeat;

    public int ExitCode => ExitCodes.Done;

    private AttachedProcess Found => _found ?? throw new InvalidOperationException("No process has been found yet.");

    public async Task<DiagnosticsClient> ConnectAsync(CancellationToken cancellation)
    {
        // Before the first look: what opens its socket meanwhile is told.
        using var sockets = new SocketWatch(Path.GetTempPath());
        int? process = Candidates.Newest(name);
        if (process is null) log($"waiting for a .NET process named '{SafeText.Name(name)}'");
        while (process is null)
        {
            await sockets.WaitAsync(Interval, cancellation).ConfigureAwait(false);
            process = Candidates.Newest(name);
        }

        _found = new AttachedProcess(process.Value, resumes);
        return await _found.ConnectAsync(cancellation).ConfigureAwait(false);
    }

    public void Resume(DiagnosticsClient client) => Found.Resume(client);

    public Task StopAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync() => _found?.DisposeAsync() ?? ValueTask.CompletedTask;
}
