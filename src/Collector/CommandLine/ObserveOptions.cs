using System.Net;
using Observatory.Contract;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>What the user asked for.</summary>
internal sealed record ObserveOptions
{
    /// <summary>The process to observe; null when it is not running yet.</summary>
    public int? ProcessId { get; init; }

    /// <summary>The socket to wait on for a process to connect; null to wait for none.</summary>
    public string? DiagnosticPort { get; init; }

    /// <summary>True when the collector starts the workload itself.</summary>
    public bool StartsWorkload => ProcessId is null && DiagnosticPort is null;

    /// <summary>How long to observe; null until Ctrl-C or the target's end.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The only tier of the kernel source that will do; null for the best that is not refused.</summary>
    public KernelTier? Tier { get; init; }

    /// <summary>The counters that driving threads are asked for; null for none.</summary>
    public CounterSet? Counters { get; init; } = CounterSet.Hardware;

    /// <summary>What to ask the target's runtime for.</summary>
    public RuntimeSourceOptions Runtime { get; init; } = new();

    /// <summary>Print the final accounts as one JSON object on standard output.</summary>
    public bool Json { get; init; }

    /// <summary>Show the live table where standard output is a terminal.</summary>
    public bool Live { get; init; } = true;

    /// <summary>File that every account is written to, a line each; null for none.</summary>
    public string? AccountsFile { get; init; }

    /// <summary>Where metrics are served.</summary>
    public IPEndPoint Endpoint { get; init; } = new(IPAddress.Loopback, 9465);

    /// <summary>What is passed on to the workload.</summary>
    public IReadOnlyList<string> WorkloadArguments { get; init; } = [];
}
