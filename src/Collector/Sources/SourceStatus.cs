using System.Collections.Concurrent;
using System.Diagnostics;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>How one source is doing. Written by the source's own thread, read by sinks at any time.</summary>
internal sealed class SourceStatus(string name)
{
    private readonly ConcurrentDictionary<string, Counter> _events = new();
    private long _lost;
    private long _missing;
    private readonly Lock _turn = new();
    private volatile bool _up;
    private long _downSince = Stopwatch.GetTimestamp();
    private TimeSpan _down;
    private volatile bool _hasCounters;
    private volatile int _unrecorded;
    private volatile string _tier = Tiers.None;
    private volatile string _detail = "not started";

    /// <summary>The source's name, as in metrics and JSON.</summary>
    public string Name => name;

    /// <summary>How much it can see with the rights it has.</summary>
    public string Tier => _tier;

    /// <summary>True while it delivers.</summary>
    public bool IsUp => _up;

    /// <summary>True once it has delivered, also when its target has ended since.</summary>
    public bool WasUp { get; private set; }

    /// <summary>The unexpected exception that ended its thread; null while all is well.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Told once, on the source's thread, when its thread ends by an unexpected exception: one line for people.</summary>
    public Action<string>? Failing { get; set; }

    /// <summary>True once accounts were completed with the driving thread's own counters.</summary>
    public bool HasCounters
    {
        get => _hasCounters;
        set => _hasCounters = value;
    }

    /// <summary>How long it has not delivered since it was made.</summary>
    public TimeSpan Down
    {
        get
        {
            lock (_turn) return _up ? _down : _down + Stopwatch.GetElapsedTime(_downSince);
        }
    }

    /// <summary>One line to read: why it is down, or how it runs.</summary>
    public string Detail => _detail;

    /// <summary>One line for people: why it sees less than was asked for since some time; null where it does not.</summary>
    public string? Remark { get; set; }

    /// <summary>Events known to be missing.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Lost events that gaps in their own sequence numbers prove: iteration events of the workload.</summary>
    public long Missing => Interlocked.Read(ref _missing);

    /// <summary>CPUs, or threads where each has a ring of its own, that run unrecorded because the kernel refused their rings.</summary>
    public int Unrecorded
    {
        get => _unrecorded;
        set => _unrecorded = value;
    }

    /// <summary>Events read, of all kinds.</summary>
    public long Events => _events.Values.Sum(counter => counter.Value);

    /// <summary>Events read, by kind.</summary>
    public IEnumerable<KeyValuePair<string, long>> EventsByKind =>
        _events.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Value));

    /// <summary>The counter of a kind of event; keep it, it is not looked up again.</summary>
    public Counter CounterOf(string kind) => _events.GetOrAdd(kind, _ => new Counter());

    public void Started(string tier, string detail)
    {
        _tier = tier;
        _detail = SafeText.Line(detail);
        WasUp = true;
        Turn(up: true);
    }

    public void Stopped(string detail)
    {
        _detail = SafeText.Line(detail);
        Turn(up: false);
    }

    /// <summary>Its thread failed unexpectedly. It delivers no more, and the session says so.</summary>
    public void Failed(Exception failure)
    {
        Failure = failure;
        Stopped($"failed: {failure.Message}");
        Failing?.Invoke($"{name}: {_detail}; what it would have told is unknown from here on");
    }

    public void CountLost(long events) => Interlocked.Add(ref _lost, events);

    public void CountMissing(long events) => Interlocked.Add(ref _missing, events);

    private void Turn(bool up)
    {
        lock (_turn)
        {
            if (up && !_up) _down += Stopwatch.GetElapsedTime(_downSince);
            if (!up && _up) _downSince = Stopwatch.GetTimestamp();
            _up = up;
        }
    }

    /// <summary>A count with one writer.</summary>
    internal sealed class Counter
    {
        private long _value;

        public long Value => Volatile.Read(ref _value);

        public void Increment() => Add(1);

        public void Add(int events) => Volatile.Write(ref _value, _value + events);
    }
}

/// <summary>How each source is doing.</summary>
internal sealed class SourceStatuses
{
    /// <summary>EventPipe.</summary>
    public SourceStatus Runtime { get; } = new("runtime");

    /// <summary>perf events.</summary>
    public SourceStatus Kernel { get; } = new("kernel");

    /// <summary>/proc.</summary>
    public SourceStatus ProcFs { get; } = new("procfs");

    /// <summary>All of them, in the order in which they are shown.</summary>
    public IReadOnlyList<SourceStatus> All => [Runtime, Kernel, ProcFs];
}
