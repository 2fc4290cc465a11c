using System.CommandLine;
using System.Net;
using Observatory.Contract;
using Observatory.Hosting;
using Observatory.Kernel;

namespace Observatory.Collector;

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

    /// <exception cref="UsageException">A value is none that can be used.</exception>
    public ObserveOptions Read(ParseResult parsed) => new()
    {
        Duration = parsed.GetValue(_duration) is { } text ? ReadDuration(text) : null,
        Json = parsed.GetValue(_json),
        Live = !parsed.GetValue(_noLive) && !parsed.GetValue(_json),
        Tier = parsed.GetValue(_tier) is { } tier ? ReadTier(tier) : null,
        Counters = ReadCounters(parsed.GetValue(_counters)!),
        Runtime = _runtime.Read(parsed),
        AccountsFile = parsed.GetValue(_accounts),
        Endpoint = ReadEndpoint(parsed),
    };

    /// <exception cref="UsageException">A value is none that can be used.</exception>
    public IPEndPoint ReadEndpoint(ParseResult parsed) =>
        new(ReadAddress(parsed.GetValue(_listen)!), ReadPort(parsed.GetValue(_port)));

    private static TimeSpan ReadDuration(string text) =>
        DurationText.Parse(text) is { } duration && duration > TimeSpan.Zero
            ? duration
            : throw new UsageException($"--duration '{text}' is not a time above zero. Write it like 500ms, 60s, 5m or 2h.");

    private static KernelTier ReadTier(string text) => text switch
    {
        "kernel" => KernelTier.Kernel,
        "thread" => KernelTier.Thread,
        "procfs" => KernelTier.ProcFs,
        "none" => KernelTier.None,
        _ => throw new UsageException($"--tier '{text}' is none. Choose kernel, thread, procfs or none; `doctor` says which are within reach."),
    };

    private static CounterSet? ReadCounters(string text) => text == "none"
        ? null
        : CounterSet.Named(text) ?? throw new UsageException($"--counters '{text}' is no set. Choose hardware, software or none.");

    private static IPAddress ReadAddress(string text) =>
        IPAddress.TryParse(text, out IPAddress? address)
            ? address
            : throw new UsageException($"--listen '{text}' is not an IP address. Write it like 127.0.0.1 or 0.0.0.0.");

    private static int ReadPort(int port) =>
        port is >= 0 and <= 65535
            ? port
            : throw new UsageException($"--port {port} is not a port. Choose one from 0 to 65535.");
}
