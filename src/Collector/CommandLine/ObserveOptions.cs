using System.CommandLine;
using System.Net;
using Observatory.Contract;
using Observatory.Hosting;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>What the user asked for.</summary>
internal sealed record ObserveOptions
{
    /// <summary>The process to observe; null when it is not running yet.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Whether a process that waits to be resumed is let go once it is observed.</summary>
    public bool Resumes { get; init; }

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
    public OutputFile? AccountsFile { get; init; }

    /// <summary>Folder that captured traces are kept in; null for none.</summary>
    public string? TracesFolder { get; init; }

    /// <summary>File that everything is recorded to, instead of capturing what stands out; null for none.</summary>
    public OutputFile? Recording { get; init; }

    /// <summary>Where metrics are served.</summary>
    public IPEndPoint Endpoint { get; init; } = new(IPAddress.Loopback, 9465);

    /// <summary>What is passed on to the workload.</summary>
    public IReadOnlyList<string> WorkloadArguments { get; init; } = [];
}

/// <summary>The options that every way of observing shares.</summary>
internal sealed class ObserveCommandOptions
{
    private readonly Option<string?> _duration = new("--duration")
    {
        Description = "How long to observe: 500ms, 60s, 5m, 2h. Default: until Ctrl-C or the end of the target.",
        HelpName = "time",
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print the final accounts as one JSON object on standard output.",
    };

    private readonly Option<bool> _noLive = new("--no-live")
    {
        Description = "No live table: progress lines on standard error, the table at the end.",
    };

    private readonly Option<string?> _accounts = new("--accounts")
    {
        Description = "Write the account of every iteration to this file, one JSON object a line, in nanoseconds.",
        HelpName = "file",
    };

    private readonly Option<string?> _traces = new("--traces")
    {
        Description = "Folder that traces of slow iterations are kept in, or none. Default: observatory/traces in the user's state folder.",
        HelpName = "folder",
    };

    private readonly Option<string?> _tier = new("--tier")
    {
        Description = "Use this tier of the kernel source only: kernel, thread, procfs or none. Default: the best that is not refused.",
        HelpName = "tier",
    };

    private readonly Option<string> _counters = new("--counters")
    {
        Description = "Counters of the driving thread in each iteration: hardware (cycles, instructions, cache and TLB misses), "
            + "software (CPU time and page faults, to see that the way works) or none.",
        HelpName = "set",
        DefaultValueFactory = _ => CounterSet.Hardware.Name,
    };

    /// <summary>What a timer of .NET takes is a little more.</summary>
    private static readonly TimeSpan LongestDuration = TimeSpan.FromHours(1000);

    private readonly RuntimeOptions _runtime = new();

    private readonly Option<string> _listen = new("--listen")
    {
        Description = "Address that metrics are served on.",
        HelpName = "address",
        DefaultValueFactory = _ => IPAddress.Loopback.ToString(),
    };

    private readonly Option<int> _port = new("--port")
    {
        Description = "Port that metrics are served on, path /metrics; 0 for any that is free.",
        HelpName = "n",
        DefaultValueFactory = _ => 9465,
    };

    public void AddTo(Command command)
    {
        command.Add(_duration);
        command.Add(_json);
        command.Add(_noLive);
        command.Add(_accounts);
        command.Add(_traces);
        command.Add(_tier);
        command.Add(_counters);
        _runtime.AddTo(command);
        AddEndpointTo(command);
    }

    /// <summary>Adds only what says where metrics are served.</summary>
    public void AddEndpointTo(Command command)
    {
        command.Add(_listen);
        command.Add(_port);
    }

    /// <exception cref="UsageException">A value cannot be used.</exception>
    public ObserveOptions Read(ParseResult parsed)
    {
        ObserveOptions options = ReadEach(parsed);
        OutputFile.RequireDistinct(new[] { options.AccountsFile, options.Runtime.Nettrace }.OfType<OutputFile>());
        return options;
    }

    /// <exception cref="UsageException">A value cannot be used.</exception>
    public IPEndPoint ReadEndpoint(ParseResult parsed) =>
        new(ReadAddress(parsed.GetValue(_listen)!), ReadPort(parsed.GetValue(_port)));

    private ObserveOptions ReadEach(ParseResult parsed) => new()
    {
        Duration = parsed.GetValue(_duration) is { } text ? ReadDuration(text) : null,
        Json = parsed.GetValue(_json),
        Live = !parsed.GetValue(_noLive) && !parsed.GetValue(_json),
        Tier = parsed.GetValue(_tier) is { } tier ? ReadTier(tier) : null,
        Counters = ReadCounters(parsed.GetValue(_counters)!),
        Runtime = _runtime.Read(parsed),
        TracesFolder = ReadTraces(parsed.GetValue(_traces)),
        AccountsFile = parsed.GetValue(_accounts) is { } file ? OutputFile.Create(_accounts.Name, file) : null,
        Endpoint = ReadEndpoint(parsed),
    };

    private static string? ReadTraces(string? folder)
    {
        if (folder == "none") return null;
        if (folder is { Length: 0 }) throw new UsageException("--traces is empty; give a folder, or none.");
        return folder ?? TraceStore.DefaultFolder;
    }

    private static TimeSpan ReadDuration(string text) =>
        DurationText.Parse(text) is { } duration && duration > TimeSpan.Zero && duration <= LongestDuration
            ? duration
            : throw new UsageException($"--duration '{text}' is not a time above zero and up to 1000h. Write it like 500ms, 60s, 5m or 2h.");

    private static KernelTier ReadTier(string text) =>
        Tiers.Parse(text)
        ?? throw new UsageException($"--tier '{text}' is not a tier. Choose kernel, thread, procfs or none; `doctor` says which are within reach.");

    private static CounterSet? ReadCounters(string text) => text == "none"
        ? null
        : CounterSet.Named(text) ?? throw new UsageException($"--counters '{text}' is not a set of counters. Choose hardware, software or none.");

    private static IPAddress ReadAddress(string text) =>
        IPAddress.TryParse(text, out IPAddress? address)
            ? address
            : throw new UsageException($"--listen '{text}' is not an IP address. Write it like 127.0.0.1 or 0.0.0.0.");

    private static int ReadPort(int port) =>
        port is >= 0 and <= 65535
            ? port
            : throw new UsageException($"--port {port} is not a port. Choose one from 0 to 65535.");
}

/// <summary>The options that say what to ask the target's runtime for.</summary>
internal sealed class RuntimeOptions
{
    private const int SmallestBuffer = 1;
    private const int LargestBuffer = 4096;

    private readonly Option<string> _events = new("--runtime-events")
    {
        Description = "How much of the target's runtime to observe: off, gc, default or verbose; add and take away groups like "
            + "default,+allocations,-loader. Levels, groups and their cost: docs/runtime-events.md.",
        HelpName = "level",
        DefaultValueFactory = _ => "default",
    };

    private readonly Option<int> _buffer = new("--buffer")
    {
        Description = "MB of the target's memory that may hold events until they are read; what does not fit is lost, and counted.",
        HelpName = "mb",
        DefaultValueFactory = _ => 64,
    };

    private readonly Option<string?> _nettrace = new("--nettrace")
    {
        Description = "Also copy the runtime's events as they come to this file, for PerfView, TraceEvent or Visual Studio.",
        HelpName = "file",
    };

    public void AddTo(Command command)
    {
        command.Add(_events);
        command.Add(_buffer);
        command.Add(_nettrace);
    }

    /// <exception cref="UsageException">A value cannot be used.</exception>
    public RuntimeSourceOptions Read(ParseResult parsed) => new()
    {
        Detail = EventDetail.Parse(parsed.GetValue(_events)!),
        BufferMegabytes = ReadBuffer(parsed.GetValue(_buffer)),
        Nettrace = parsed.GetValue(_nettrace) is { } file ? OutputFile.Create(_nettrace.Name, file) : null,
    };

    private static int ReadBuffer(int megabytes) =>
        megabytes is >= SmallestBuffer and <= LargestBuffer
            ? megabytes
            : throw new UsageException($"--buffer {megabytes} is not a size that can be used. Choose from {SmallestBuffer} to {LargestBuffer} MB.");
}
