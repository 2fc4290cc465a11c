namespace Observatory.Soak.Tests;

/// <summary>A run of which the truth is known: noise that depends on itself, a daily cycle, and growth that is put in.</summary>
internal sealed record SimulatedRun
{
    /// <summary>How long, hours; a sample a minute.</summary>
    public double Hours { get; init; } = 24;

    /// <summary>How much of a deviation is left a minute later: lag-1 autocorrelation.</summary>
    public double Dependence { get; init; } = 0.9;

    /// <summary>Standard deviation of latency, percent.</summary>
    public double LatencyNoise { get; init; } = 2;

    /// <summary>Standard deviation of each kind of memory, MB.</summary>
    public double MemoryNoise { get; init; } = 2;

    /// <summary>Amplitude of the daily cycle, percent of latency and MB of memory.</summary>
    public double Cycle { get; init; } = 2;

    /// <summary>How many configurations there are; half of the noise is common to all.</summary>
    public int Configurations { get; init; } = 2;

    /// <summary>Slow-down of all configurations, percent an hour.</summary>
    public double SlowDown { get; init; }

    /// <summary>Slow-down of the last configuration alone, percent an hour.</summary>
    public double LastSlowsDown { get; init; }

    /// <summary>Leak put into managed memory, MB an hour.</summary>
    public double ManagedLeak { get; init; }

    /// <summary>Leak put into native memory, MB an hour.</summary>
    public double NativeLeak { get; init; }

    /// <summary>Garbage of the oldest generation that gathers in target and collector until a full collection, MB.</summary>
    public double Garbage { get; init; }

    /// <summary>How long it gathers, hours; of 30 % more or less each time.</summary>
    public double ToothHours { get; init; } = 0.5;

    /// <summary>A full collection of the target that is asked for, every so many minutes; of the collector every five. 0 for those of its own alone.</summary>
    public int CollectedEvery { get; init; } = 1;

    /// <summary>Native memory of target and collector that comes in the beginning and stays, MB.</summary>
    public double WarmUp { get; init; }

    /// <summary>Time after which a third of that is still to come, hours.</summary>
    public double WarmUpHours { get; init; } = 0.3;

    /// <summary>Open files that are never closed, an hour.</summary>
    public double HandleLeak { get; init; }

    /// <summary>A sudden rise of native memory, MB.</summary>
    public double Step { get; init; }

    /// <summary>When that is, hours.</summary>
    public double StepAt { get; init; } = 12;

    public static readonly DateTimeOffset Began = new(2026, 11, 26, 0, 0, 0, TimeSpan.Zero);

    public SoakPlan Plan => new() { Began = Began, Seconds = Hours * 3600, IntervalSeconds = 60, Target = "simulated" };

    /// <summary>The samples; the same for the same seed.</summary>
    public IReadOnlyList<SoakSample> Samples(int seed)
    {
        var random = new Random(seed);
        double phase = random.NextDouble() * 2 * Math.PI;
        Noise latency = New(LatencyNoise * Math.Sqrt(0.5)), managed = New(MemoryNoise), native = New(MemoryNoise), own = New(MemoryNoise);
        Noise[] each = [.. Enumerable.Range(0, Configurations).Select(_ => New(LatencyNoise * Math.Sqrt(0.5)))];
        Tooth heaps = new(random, this), ownHeap = new(random, this);
        List<SoakSample> samples = [];
        for (int minute = 1; minute <= Hours * 60; minute++)
        {
            double hours = minute / 60.0;
            double day = Cycle * Math.Sin((2 * Math.PI * hours / 24) + phase);
            double heap = 80 + managed.Next() + day + (ManagedLeak * hours);
            double warm = WarmUp * (1 - Math.Exp(-hours / WarmUpHours));
            double rest = 220 + native.Next() + day + warm + (NativeLeak * hours) + (hours >= StepAt ? Step : 0);
            bool isCollected = heaps.Next(CollectedEvery > 0 && minute % CollectedEvery == 0);
            bool isOwnCollected = ownHeap.Next(minute % 5 == 0);
            double committed = heap + heaps.Garbage;
            double collector = 110 + own.Next() + warm;
            double percent = 100 + latency.Next() + day + (SlowDown * hours);
            samples.Add(new SoakSample
            {
                At = Began + TimeSpan.FromMinutes(minute),
                ManagedFloor = (long)(committed * 1e6),
                FullFloor = isCollected ? (long)(heap * 1e6) : null,
                TargetCommitted = (long)(committed * 1e6),
                TargetResident = (long)((committed + rest) * 1e6),
                TargetHandles = 60 + random.Next(4) + (long)(HandleLeak * hours),
                TargetThreads = 24 + random.Next(3),
                CollectorResident = (long)((collector + ownHeap.Garbage) * 1e6),
                CollectorAlive = isOwnCollected ? (long)(collector * 1e6) : null,
                CollectorHandles = 90 + random.Next(3),
                CollectorThreads = 22 + random.Next(2),
                Units = 400 + random.Next(40),
                LatencyMs = each.Select((noise, at) => (Name: NameOf(at), Percent: percent + noise.Next() + (at == Configurations - 1 ? LastSlowsDown * hours : 0)))
                    .ToDictionary(pair => pair.Name, pair => 1.5 * pair.Percent / 100),
            });
        }

        return samples;

        Noise New(double deviation) => new(random, Dependence, deviation);
    }

    /// <summary>Of a configuration.</summary>
    public static string NameOf(int at) => $"linear [8, 512, {128 * (at + 1)}]";

    public SoakVerdict Verdict(int seed) => SoakVerdict.From(Plan, Samples(seed));

    public SoakVerdict VerdictAfter(int seed, int minutes) => SoakVerdict.From(Plan, [.. Samples(seed).Take(minutes)]);

    /// <summary>Garbage that gathers and goes at once.</summary>
    private sealed class Tooth(Random random, SimulatedRun run)
    {
        private double _left = run.ToothHours * 60 * random.NextDouble();

        /// <summary>MB.</summary>
        public double Garbage { get; private set; }

        /// <summary>A minute later; true where a full collection took it away.</summary>
        public bool Next(bool isAsked)
        {
            Garbage += run.Garbage / (run.ToothHours * 60);
            if (!isAsked && --_left > 0) return false;
            Garbage = 0;
            _left = run.ToothHours * 60 * (0.7 + (0.6 * random.NextDouble()));
            return true;
        }
    }

    /// <summary>An autoregressive process of order 1 with normal noise.</summary>
    private sealed class Noise(Random random, double dependence, double deviation)
    {
        private double _value = deviation * Normal(random);

        public double Next() => _value = (dependence * _value) + (Math.Sqrt(1 - (dependence * dependence)) * deviation * Normal(random));

        private static double Normal(Random random) =>
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
