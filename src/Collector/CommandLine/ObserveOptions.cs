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

    /// <summary>Name of a process that is waited for; null to wait for none.</summary>
    public string? AwaitedName { get; init; }

    /// <summary>Whether the next process is observed when one has ended: the program was started again.</summary>
    public bool Follows { get; init; }

    /// <summary>True when the collector starts the workload itself.</summary>
    public bool StartsWorkload => ProcessId is null && DiagnosticPort is null && AwaitedName is null;

    /// <summary>How long to observe; null until Ctrl-C or the target's end.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The only tier of the kernel source that will do; null for the best that is not refused.</summary>
    public KernelTier? Tier { get; init; }

    /// <summary>How often observation pauses, to be compared with itself; null for never.</summary>
    public TimeSpan? ObserverEffect { get; init; }

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

    /// <summary>When the file of accounts is set aside for the next one; null for never.</summary>
    public OutputRotation? AccountsRotation { get; init; }

    /// <summary>Folder that captured traces are kept in; null for none.</summary>
    public string? TracesFolder { get; init; }

    /// <summary>File that everything is recorded to, instead of capturing what stands out; null for none.</summary>
    public OutputFile? Recording { get; init; }

    /// <summary>The soak test that is made meanwhile; null for none.</summary>
    public SoakOptions? Soak { get; init; }

    /// <summary>Where metrics are served.</summary>
    public IPEndPoint Endpoint { get; init; } = new(IPAddress.Loopback, 9465);

    /// <summary>What is passed on to the workload.</summary>
    public IReadOnlyList<string> WorkloadArguments { get; init; } = [];
}

/// <summary>The options that every way of observing shares.</summary>
internal sealed class ObserveCommandOptions
{
    private readonly ValueOption<TimeSpan> _duration = new(
        "--duration", "time", Values.Duration, "How long to observe: 500ms, 60s, 5m, 2h. Default: until Ctrl-C or the end of the target.");

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

    private readonly ValueOption<OutputRotation> _accountsRotate = new(
        "--accounts-rotate",
        "size,age,count",
        OutputRotation.Parser,
        "Rotate the file of --accounts to FILE.1, FILE.2 and so on when it reaches this size or age, and keep this many of them; "
        + "a count that is left out is 4. Default: one file that grows.");

    private readonly ValueOption<string?> _traces = new(
        "--traces",
        "folder",
        new ValueParser<string?>("a folder, or none", (text, out folder) => (folder = text == "none" ? null : text) is not ""),
        "Folder that traces of slow iterations are kept in, or none. Default: observatory/traces in the user's state folder.");

    private readonly ValueOption<KernelTier> _tier = new(
        "--tier",
        "tier",
        Tiers.Parser,
        "Use this tier of the kernel source only: kernel, thread, procfs or none. Default: the best that is not refused.");

    private readonly ValueOption<CounterSet?> _counters = new(
        "--counters",
        "set",
        Values.OneOf<CounterSet?>((CounterSet.Hardware.Name, CounterSet.Hardware), (CounterSet.Software.Name, CounterSet.Software), ("none", null)),
        "Counters of the driving thread in each iteration: hardware (cycles, instructions, cache and TLB misses), "
        + "software (CPU time and page faults, to check that counters arrive) or none.",
        CounterSet.Hardware.Name);

    private readonly ValueOption<TimeSpan> _observerEffect = new(
        "--observer-effect",
        "time",
        Values.Duration,
        "Measure how much observing the kernel slows the target: once in this time, pause for a second (below 4s for a quarter of it), and compare units of work "
        + "with those of the stretch beside it. Accounts that overlap a pause are incomplete. Default: never.");

    private readonly RuntimeOptions _runtime = new();

    private readonly ValueOption<IPAddress> _listen = new(
        "--listen", "address", Values.Address, "Address that metrics are served on; * for all.", IPAddress.Loopback.ToString());

    private readonly ValueOption<int> _port = new(
        "--port", "n", Values.Port, "Port that metrics are served on, path /metrics; 0 for any that is free.", "9465");

    public void AddTo(Command command)
    {
        command.Add(_duration);
        command.Add(_json);
        command.Add(_noLive);
        command.Add(_accounts);
        command.Add(_accountsRotate);
        command.Add(_traces);
        command.Add(_tier);
        command.Add(_counters);
        command.Add(_observerEffect);
        _runtime.AddTo(command);
        AddEndpointTo(command);
    }

    /// <summary>Adds only what says where metrics are served.</summary>
    public void AddEndpointTo(Command command)
    {
        command.Add(_listen);
        command.Add(_port);
    }

    /// <summary>True where the user says something of captured traces.</summary>
    public bool HasTraces(ParseResult parsed) => parsed.GetValue(_traces) is not null;

    /// <param name="parsed">The command line.</param>
    /// <param name="outputs">Files that the command writes besides.</param>
    /// <exception cref="UsageException">A value cannot be used.</exception>
    public ObserveOptions Read(ParseResult parsed, params IReadOnlyList<OutputFile> outputs)
    {
        ObserveOptions options = ReadEach(parsed);
        if (options is { AccountsRotation: not null, AccountsFile: null or { IsStream: true } })
            throw new UsageException($"{_accountsRotate.Name} is for a file that can be renamed; give one with {_accounts.Name}.");
        if (options.ObserverEffect < ObservationPauses.Shortest)
            throw new UsageException($"{_observerEffect.Name} is shorter than {ObservationPauses.Shortest.TotalSeconds:0} s: pauses would hold no units of work; give a longer time.");
        OutputFile.RequireDistinct([.. new[] { options.AccountsFile, options.Runtime.Nettrace }.OfType<OutputFile>(), .. outputs]);
        return options;
    }

    /// <exception cref="UsageException">A value cannot be used.</exception>
    public IPEndPoint ReadEndpoint(ParseResult parsed) => new(_listen.Read(parsed), _port.Read(parsed));

    private ObserveOptions ReadEach(ParseResult parsed) => new()
    {
        Duration = _duration.TryRead(parsed, out TimeSpan duration) ? duration : null,
        Json = parsed.GetValue(_json),
        Live = !parsed.GetValue(_noLive) && !parsed.GetValue(_json),
        Tier = _tier.TryRead(parsed, out KernelTier tier) ? tier : null,
        Counters = _counters.Read(parsed),
        ObserverEffect = _observerEffect.TryRead(parsed, out TimeSpan effect) ? effect : null,
        Runtime = _runtime.Read(parsed),
        TracesFolder = _traces.TryRead(parsed, out string? folder) ? folder : TraceStore.DefaultFolder,
        AccountsRotation = _accountsRotate.TryRead(parsed, out OutputRotation rotation) ? rotation : null,
        AccountsFile = parsed.GetValue(_accounts) is { } file ? OutputFile.Create(_accounts.Name, file) : null,
        Endpoint = ReadEndpoint(parsed),
    };
}

/// <summary>The options that say what to ask the target's runtime for.</summary>
internal sealed class RuntimeOptions
{
    private readonly Option<string> _events = new("--runtime-events")
    {
        Description = "How much of the target's runtime to observe: off, gc, default or verbose; add and remove groups like "
            + "default,+allocations,-loader. Levels, groups and their cost: docs/runtime-events.md.",
        HelpName = "level",
        DefaultValueFactory = _ => "default",
    };

    private readonly ValueOption<int> _buffer = new(
        "--buffer",
        "mb",
        Values.WholeNumber(1, 4096),
        "MB of the target's memory that may hold events until they are read; what does not fit is lost, and counted.",
        "64");

    private readonly Option<string?> _nettrace = new("--nettrace")
    {
        Description = "Also write the runtime's events, as they come, to this file, for PerfView, TraceEvent or Visual Studio.",
        HelpName = "file",
    };

    private readonly Option<string> _units = new("--units")
    {
        Description = "How much of the requests of an ASP.NET Core program to observe: off, starts (length), segments (where the time went) or queue "
            + "(time in the thread pool's queue as well). What each costs: docs/units.md.",
        HelpName = "level",
        DefaultValueFactory = _ => UnitObservation.NameOf(UnitLevel.Segments),
    };

    private readonly ValueOption<int> _unitsLimit = new(
        "--units-limit",
        "n",
        Values.WholeNumber(0, 1_000_000_000),
        "Events a second that may tell of requests. Where more do for some seconds, or where events are lost, the next lower level of --units is observed; 0 for never.",
        $"{UnitLoad.DefaultMost}");

    private readonly Option<string[]> _unitNames = new("--unit-name")
    {
        Description = "What to call requests whose method and path match: '^GET /orders/=orders'. May be given several times; the first that matches wins.",
        HelpName = "regex=name",
    };

    private readonly Option<string[]> _unitEvents = new("--unit")
    {
        Description = "Also a unit of work: what lies between two events of an EventSource, as Shop-Jobs/Job:id for its events JobStart and JobStop. "
            + "idField is a field with the same value in both; without it the runtime's activity says which belong together. Or what an Activity of a source lasts, as activity:Shop.Orders. May be given several times.",
        HelpName = "provider/event[:idField]",
    };

    public void AddTo(Command command)
    {
        command.Add(_units);
        command.Add(_unitsLimit);
        command.Add(_unitEvents);
        command.Add(_unitNames);
        command.Add(_events);
        command.Add(_buffer);
        command.Add(_nettrace);
    }

    /// <exception cref="UsageException">A value cannot be used.</exception>
    public RuntimeSourceOptions Read(ParseResult parsed)
    {
        UnitLevel units = UnitObservation.Parse(parsed.GetValue(_units)!);
        return ReadEach(parsed) with { Units = units, UnitsLimit = _unitsLimit.Read(parsed), Detail = EventDetail.Parse(parsed.GetValue(_events)!) };
    }

    private RuntimeSourceOptions ReadEach(ParseResult parsed) => new()
    {
        UnitEvents = Collector.UnitEvents.ParseAll([.. Units(parsed).Where(unit => !ActivitySourceUnits.IsMeant(unit))]),
        UnitActivities = ActivitySourceUnits.ParseAll([.. Units(parsed).Where(ActivitySourceUnits.IsMeant)]),
        UnitNames = [.. (parsed.GetValue(_unitNames) ?? []).Select(UnitNameRule.Parse)],
        BufferMegabytes = _buffer.Read(parsed),
        Nettrace = parsed.GetValue(_nettrace) is { } file ? OutputFile.Create(_nettrace.Name, file) : null,
    };

    private string[] Units(ParseResult parsed) => parsed.GetValue(_unitEvents) ?? [];
}
