// Are the study's intervals and marks right? Simulated studies whose truth is known, so that every claim can be counted.
//
//   dotnet run -c Release benchmarks/statistics/statistics.cs [PAIRS] [SEED] [WORLD]
//
// PAIRS of runs for each row, 24 configurations a run (default 100; some minutes of one CPU in all); SEED of the random numbers;
// WORLD: only the truths whose name contains it.
//
// Coverage: how often the 95 % interval of a median holds the true median, and how often there is an interval at all.
// False positives: of pairs of equal runs how many have a mark. Power: how often a configuration that is 3, 5 or 10 % slower
// is marked. Overall: how often the interval over all configurations misses 1. What a run shows as a whole is known to its
// configurations, as in a report.
#:project ../../src/Study/Study.csproj
#:property AssemblyName=Observatory.Statistics
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property MayReference=Study
#:property UseArtifactsOutput=false

using System.Globalization;
using MathNet.Numerics.Distributions;
using Observatory.Study;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int pairs = args.Length > 0 ? int.Parse(args[0]) : 100;
int seed = args.Length > 1 ? int.Parse(args[1]) : 20261126;
string only = args.Length > 2 ? args[2] : "";
(int Visits, int Samples)[] shapes = [(3, 10), (4, 10), (6, 10), (10, 3), (15, 4), (30, 10)];
World[] worlds =
[
    new("independent, 5 %", 0.05),
    new("visits differ by 5 %, noise 2 %", 0.02) { VisitSpread = 0.05 },
    new("visits differ by 5 %, noise 5 %", 0.05) { VisitSpread = 0.05 },
    new("AR(1) 0.7 within visits, 5 %", 0.05) { Correlation = 0.7, IsNewInVisit = true },
    new("AR(1) 0.7 through visits, 5 %", 0.05) { Correlation = 0.7 },
    new("visits differ by 5 %, each like the last (AR(1) 0.7), noise 2 %", 0.02) { VisitSpread = 0.05, VisitCorrelation = 0.7 },
    new("two speeds, each sample its own, 40 % apart", 0.02) { SlowShare = 0.4, Stay = 1 },
    new("two speeds that stay for 10 samples", 0.02) { SlowShare = 0.4, Stay = 10 },
    new("two speeds that stay for a visit", 0.02) { SlowShare = 0.4, IsModeOfVisit = true },
    new("ticks of 5 % (a coarse clock), noise 5 %", 0.05) { Tick = 0.05 },
    new("passes differ by 5 % in all configurations, noise 2 %", 0.02) { PassSpread = 0.05 },
];

Console.WriteLine("| truth | visits x samples | interval given | covers the median | equal pairs with a mark | a mark at 3 % | at 5 % | at 10 % | overall misses 1 |");
Console.WriteLine("| - | - | -: | -: | -: | -: | -: | -: | -: |");
foreach (World world in worlds.Where(world => world.Name.Contains(only, StringComparison.Ordinal)))
{
    foreach ((int visits, int samples) in shapes) Console.WriteLine(Row(world, visits, samples));
}

string Row(World world, int visits, int samples)
{
    var random = new Random(seed);
    double median = world.TrueMedian();
    int series = 0, given = 0, covered = 0, marked = 0, missed = 0, overall = 0;
    int[] found = new int[3];
    for (int i = 0; i < pairs; i++)
    {
        SampleSeries[] first = Run(random, world, visits, samples, 1), second = Run(random, world, visits, samples, 1);
        foreach (SampleSeries one in (SampleSeries[])[.. first, .. second])
        {
            series++;
            if (MedianInterval.From(one) is not { } interval) continue;
            given++;
            if (interval.Contains(median)) covered++;
        }

        if (Marks(first, second).Any(mark => mark)) marked++;
        if (SpeedSteps.Find(first) is null && SpeedSteps.Find(second) is null && OverallRatio.From(first.Zip(second)) is { } ratio)
        {
            overall++;
            if (!ratio.Interval.Contains(1)) missed++;
        }

        double[] slower = [1.03, 1.05, 1.10];
        for (int k = 0; k < slower.Length; k++)
        {
            SampleSeries[] changed = [.. RunState.Join([world.Take(random, visits, samples, slower[k], null), .. second.Skip(1)])];
            if (Marks(first, changed)[0]) found[k]++;
        }
    }

    return $"| {world.Name} | {visits}x{samples} | {Percent(given, series)} | {Percent(covered, given)} | {Percent(marked, pairs)} | "
        + string.Join(" | ", found.Select(count => Percent(count, pairs))) + $" | {Percent(missed, overall)} |";
}

static SampleSeries[] Run(Random random, World world, int visits, int samples, double scale)
{
    double[] passes = [.. Enumerable.Range(0, visits).Select(_ => Math.Exp(world.PassSpread * Normal.Sample(random, 0, 1)))];
    return [.. RunState.Join([.. Enumerable.Range(0, 24).Select(_ => world.Take(random, visits, samples, scale, passes))])];
}

static bool[] Marks(SampleSeries[] first, SampleSeries[] second)
{
    MedianRatio?[] ratios = [.. first.Zip(second, MedianRatio.BetweenRuns)];
    double[] adjusted = HolmCorrection.Adjust([.. ratios.OfType<MedianRatio>().Select(ratio => ratio.Probability)]);
    double? step = Larger(SpeedSteps.Find(first), SpeedSteps.Find(second));
    int next = 0;
    return [.. ratios.Select(ratio => ratio is { } known && adjusted[next++] < Significance.Level && !SpeedSteps.Explains(step, known.Ratio))];
}

static double? Larger(double? one, double? other) => one is null || other > one ? other : one;

static string Percent(int count, int of) => of == 0 ? "-" : $"{100.0 * count / of:0.0} %";

internal sealed record World(string Name, double Spread)
{
    public double VisitSpread { get; init; }
    public double PassSpread { get; init; }
    public double Correlation { get; init; }
    public bool IsNewInVisit { get; init; }
    public double VisitCorrelation { get; init; }
    public double SlowShare { get; init; }
    public double Stay { get; init; }
    public bool IsModeOfVisit { get; init; }
    public double Tick { get; init; }

    private const double Slow = 1.4;

    /// <summary>Of the distribution that samples are taken from; of two speeds by bisection.</summary>
    public double TrueMedian()
    {
        if (SlowShare == 0) return 1;
        double low = 0.5, high = 2;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            double below = ((1 - SlowShare) * Normal.CDF(0, Spread, Math.Log(middle)))
                + (SlowShare * Normal.CDF(Math.Log(Slow), Spread, Math.Log(middle)));
            if (below < 0.5) low = middle; else high = middle;
        }

        return low;
    }

    public SampleSeries Take(Random random, int visits, int samples, double scale, double[]? passes)
    {
        double[] values = new double[visits * samples];
        double state = Normal.Sample(random, 0, 1);
        bool slow = random.NextDouble() < SlowShare;
        double step = Math.Sqrt(1 - (Correlation * Correlation));
        double visitState = Normal.Sample(random, 0, 1), visitStep = Math.Sqrt(1 - (VisitCorrelation * VisitCorrelation));
        for (int visit = 0, next = 0; visit < visits; visit++)
        {
            visitState = (VisitCorrelation * visitState) + (visitStep * Normal.Sample(random, 0, 1));
            double level = scale * Math.Exp(VisitSpread * visitState) * (passes?[visit] ?? Math.Exp(PassSpread * Normal.Sample(random, 0, 1)));
            if (IsNewInVisit) state = Normal.Sample(random, 0, 1);
            if (IsModeOfVisit) slow = random.NextDouble() < SlowShare;
            for (int i = 0; i < samples; i++, next++)
            {
                if (Stay > 0 && random.NextDouble() < 1 / Stay) slow = random.NextDouble() < SlowShare;
                double value = level * (slow ? Slow : 1) * Math.Exp(Spread * state);
                values[next] = Tick > 0 ? Math.Max(Tick, Math.Round(value / Tick) * Tick) : value;
                state = (Correlation * state) + (step * Normal.Sample(random, 0, 1));
            }
        }

        return new SampleSeries(values, [.. Enumerable.Repeat(samples, visits)]);
    }
}
