using System.Diagnostics.Metrics;
using Observatory.Contract;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>Instruments of threads that come and go.</summary>
internal sealed class ThreadMetrics : IRuntimeEventHandler
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly ThreadCensus _census = new();

    /// <param name="meters">Makes the meter.</param>
    /// <param name="process">The target.</param>
    /// <param name="isTold">True when its runtime tells of managed threads; otherwise it is not known which are.</param>
    /// <param name="looks">Looks at the target again and again.</param>
    public ThreadMetrics(IMeterFactory meters, int process, bool isTold, TargetLooks looks)
    {
        // Ids of another namespace are those of other threads here.
        if (!isTold || !PidNamespace.IsShared(process)) return;
        Meter meter = meters.Create(Meters.Collector);
        meter.CreateObservableCounter(
            "observatory.threads.started", () => By(_census.Started), null, "Threads of the target that began while observed.");
        meter.CreateObservableCounter(
            "observatory.threads.ended",
            () => By(_census.Ended).Append(new(_census.Ended.Unknown, Kind("unknown"))),
            null,
            "Threads of the target that ended while observed; unknown: those that began before.");
        looks.Every(() => Interval, () => Look(process), "threads that begin and end are not counted any more");
    }

    public void ThreadCreated(int thread) => _census.Told(thread);

    private void Look(int process)
    {
        try
        {
            _census.Look(ProcessThreads.List(process));
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            // The target has ended, or /proc is closed to us for a moment; the next look tells.
        }
    }

    private static IEnumerable<Measurement<long>> By(ThreadCounts counts) =>
        [new(counts.Managed, Kind("managed")), new(counts.Native, Kind("native"))];

    private static KeyValuePair<string, object?> Kind(string value) => new("kind", value);
}

/// <summary>Which threads came and went, and of which kind: what the runtime tells against what /proc lists.</summary>
/// <remarks>
/// The runtime tells of each managed thread, a second or more late; /proc lists all threads, but a short life falls
/// between two looks. So a listed thread that the runtime has not told of for some looks is native, and a told one that
/// is not listed has ended. A native thread that lives less than a second is not counted. For any thread.
/// </remarks>
internal sealed class ThreadCensus
{
    /// <summary>Looks after which the runtime would have told.</summary>
    public const int Patience = 10;

    private readonly Lock _entry = new();
    private readonly Dictionary<int, CountedThread> _lives = [];
    private bool _hasLooked;

    /// <summary>Threads that began while observed.</summary>
    public ThreadCounts Started { get; } = new();

    /// <summary>Threads that ended while observed; those that were there before are of unknown kind.</summary>
    public ThreadCounts Ended { get; } = new();

    /// <summary>The runtime tells of a managed thread.</summary>
    public void Told(int thread)
    {
        lock (_entry)
        {
            Started.Managed++;
            if (_lives.TryGetValue(thread, out CountedThread? life) && life.Kind == ThreadKind.Undecided) life.Kind = ThreadKind.Managed;
            else _lives[thread] = new CountedThread { Kind = ThreadKind.Managed };
        }
    }

    /// <summary>/proc lists the threads that live.</summary>
    public void Look(IReadOnlyCollection<int> listed)
    {
        lock (_entry)
        {
            foreach (int thread in listed)
            {
                if (!_lives.ContainsKey(thread))
                    _lives.Add(thread, new CountedThread { Kind = _hasLooked ? ThreadKind.Undecided : ThreadKind.Unknown });
            }

            HashSet<int> alive = [.. listed];
            foreach ((int thread, CountedThread life) in _lives.ToArray()) Age(thread, life, alive.Contains(thread));
            _hasLooked = true;
        }
    }

    private void Age(int thread, CountedThread life, bool isAlive)
    {
        life.Looks++;
        if (life.Kind == ThreadKind.Undecided && life.Looks >= Patience)
        {
            life.Kind = ThreadKind.Native;
            Started.Native++;
        }

        // One look of grace: the runtime may tell of a thread before it is listed.
        if (isAlive || life.Kind == ThreadKind.Undecided || life.Looks < 2) return;
        _lives.Remove(thread);
        Ended.Add(life.Kind);
    }

    private sealed class CountedThread
    {
        public ThreadKind Kind { get; set; }

        public int Looks { get; set; }
    }
}

/// <summary>What a thread is to the runtime.</summary>
internal enum ThreadKind
{
    /// <summary>It was there before the observation.</summary>
    Unknown,

    /// <summary>Not told yet.</summary>
    Undecided,

    /// <summary>It runs, or has run, managed code.</summary>
    Managed,

    /// <summary>It never has.</summary>
    Native,
}

/// <summary>Threads by kind.</summary>
internal sealed class ThreadCounts
{
    public long Managed { get; set; }

    public long Native { get; set; }

    public long Unknown { get; set; }

    public void Add(ThreadKind kind)
    {
        if (kind == ThreadKind.Managed) Managed++;
        else if (kind == ThreadKind.Native) Native++;
        else Unknown++;
    }
}
