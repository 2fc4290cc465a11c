using System.Diagnostics;
using Observatory.Contract;
using Observatory.Kernel;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>What a sweep has done so far. Written by the driving thread only, read after it has ended.</summary>
/// <param name="configurations">How many the study has.</param>
/// <param name="time">Tells when the sweep began.</param>
/// <param name="samples">Samples of each that are kept.</param>
internal sealed class SweepResults(int configurations, TimeProvider time, int samples)
{
    private readonly ConfigurationResults[] _configurations =
        [.. Enumerable.Range(0, configurations).Select(_ => new ConfigurationResults(samples))];

    /// <summary>A clock of the day that is set meanwhile moves by less than this.</summary>
    private const long SameBootNs = 5_000_000_000;

    private long _begin;
    private StudyResults? _earlier;
    private Disturbances _watchedBefore = (Disturbances)~0;

    /// <summary>When the sweep began, in UTC.</summary>
    public DateTimeOffset StartedAt { get; private set; } = time.GetUtcNow();

    /// <summary>Load average of the machine over the minute before anything of the sweep ran; null: not known.</summary>
    public double? LoadBefore { get; private set; } = LoadAverage.Read();

    /// <summary>Complete passes.</summary>
    public long Passes { get; set; }

    /// <summary>Iterations that were marked and recorded.</summary>
    public long Iterations { get; private set; }

    /// <summary>Iterations that were not.</summary>
    public long WarmupIterations { get; set; }

    /// <summary>Kinds of disturbance that were watched for.</summary>
    public Disturbances Watched
    {
        get;
        set => field = value & _watchedBefore;
    }

    /// <summary>What the machine can do at most, of each number of threads and type; empty when that was not measured.</summary>
    public IReadOnlyList<MachineLimits> Limits { get; set; } = [];

    /// <summary>
    /// When it began by the clock of its time stamps, CLOCK_MONOTONIC, in nanoseconds; null where that was before the machine
    /// was started.
    /// </summary>
    public long? MonotonicBeginNs => _begin > 0 ? Ticks.ToNanoseconds(_begin) : null;

    /// <summary>Complete passes that are in another file.</summary>
    public long PassesElsewhere { get; private set; }

    /// <summary>So many more samples of each configuration would not push the oldest out.</summary>
    public bool HasRoomFor(int more) => _configurations.All(configuration => configuration.Latencies.HasRoomFor(more));

    /// <summary>Version of libtorch.</summary>
    public string Torch { get; private set; } = "";

    /// <summary>The computation begins, with this version of libtorch.</summary>
    public void Begin(string torch)
    {
        Torch = torch;
        StartedAt = _earlier?.StartedAt ?? time.GetUtcNow();
        _begin = _earlier is null ? Stopwatch.GetTimestamp() : BeginOf(_earlier);
    }

    /// <summary>Takes over what a run measured that goes on now. Before <see cref="Begin"/>.</summary>
    /// <param name="earlier">Its configurations are those of this sweep, in the same order.</param>
    public void Restore(StudyResults earlier)
    {
        _earlier = earlier;
        _watchedBefore = earlier.Run.Watched;
        LoadBefore = earlier.Run.LoadBefore;
        Passes = earlier.Run.Passes;
        foreach ((MeasuredConfiguration measured, ConfigurationResults results) in earlier.Configurations.Zip(_configurations))
        {
            results.Latencies.Restore(measured);
            Iterations += results.Latencies.Count;
            if (measured is { BaselineMemoryBytes: { } baseline, PeakMemoryBytes: { } peak }) results.Add(new MemoryUse(baseline, peak));
        }
    }

    /// <summary>The samples are in a file that is complete; what follows begins a new one.</summary>
    public void Clear()
    {
        PassesElsewhere = Passes;
        foreach (ConfigurationResults configuration in _configurations) configuration.Latencies.Clear();
    }

    /// <summary>
    /// Where the time of the run counts from, in ticks of this process's clock. After a reboot that clock has begun anew, so it
    /// is found by the time of day; new visits come after the old ones in any case.
    /// </summary>
    private long BeginOf(StudyResults earlier)
    {
        long now = Stopwatch.GetTimestamp();
        long byDate = now - Ticks.FromNanoseconds((long)(time.GetUtcNow() - earlier.StartedAt).TotalNanoseconds);
        long begin = earlier.Run.MonotonicBeginNs is { } known && Math.Abs(Ticks.ToNanoseconds(byDate) - known) < SameBootNs
            ? Ticks.FromNanoseconds(known)
            : byDate;
        long last = earlier.Configurations.SelectMany(one => one.Visits ?? []).Select(visit => visit.AtNs).DefaultIfEmpty().Max();
        return Math.Min(begin, now - Ticks.FromNanoseconds(last + 1));
    }

    /// <summary>What is recorded for the configuration from now on belongs to a new visit.</summary>
    public void Visit(WorkloadConfiguration configuration) => this[configuration].Latencies.BeginVisit();

    /// <summary>Adds one iteration.</summary>
    /// <param name="configuration">What was computed.</param>
    /// <param name="start">Time stamp before it.</param>
    /// <param name="sample">How long it took, and what came between.</param>
    public void Record(WorkloadConfiguration configuration, long start, Sample sample)
    {
        Iterations++;
        this[configuration].Latencies.Add(sample, Ticks.ToNanoseconds(start - _begin));
    }

    public ConfigurationResults this[WorkloadConfiguration configuration] => _configurations[configuration.Index];
}

/// <summary>What was measured of one configuration.</summary>
/// <param name="samples">Samples that are kept.</param>
internal sealed class ConfigurationResults(int samples)
{
    /// <summary>An endless sweep must not fill memory with what it knows well enough.</summary>
    private const int MostVisits = 99;

    private readonly List<MemoryUse> _uses = [];

    public LatencyWindow Latencies { get; } = new(samples);

    /// <summary>Of the visit in the middle; null when it could not be measured.</summary>
    public MemoryUse? Memory => MemoryUse.Median(_uses);

    /// <summary>Adds what a visit used.</summary>
    public void Add(MemoryUse? use)
    {
        if (use is { } measured && _uses.Count < MostVisits) _uses.Add(measured);
    }
}

/// <summary>Differences of <see cref="Stopwatch.GetTimestamp"/>, which is CLOCK_MONOTONIC.</summary>
internal static class Ticks
{
    public static long ToNanoseconds(long ticks) => (long)(ticks * (1e9 / Stopwatch.Frequency));

    public static long FromNanoseconds(long nanoseconds) => (long)(nanoseconds / (1e9 / Stopwatch.Frequency));
}
