using Microsoft.Diagnostics.NETCore.Client;

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

    /// <summary>Ends the target where it was started by the collector; otherwise leaves it alone.</summary>
    Task StopAsync();

    /// <summary>What the target's end means for the exit code of the collector.</summary>
    int ExitCode { get; }
}
