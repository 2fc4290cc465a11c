namespace Observatory.Study;

/// <summary>What the samples of one configuration say. Null: not measured, or too few samples to tell.</summary>
internal sealed class ConfigurationFindings
{
    /// <summary>The share above p95 of fewer samples is less than one of them.</summary>
    public const int LeastForP95 = 20;

    /// <summary>The same for p99.</summary>
    public const int LeastForP99 = 100;

    /// <param name="configuration">What was measured.</param>
    /// <param name="series">Its samples, which know what the run shows.</param>
    /// <param name="watched">Kinds of disturbance that were watched for.</param>
    /// <param name="roofline">What the machine can do at most; null: not known.</param>
    public ConfigurationFindings(MeasuredConfiguration configuration, SampleSeries series, Disturbances watched, Roofline? roofline)
    {
        Configuration = configuration;
        Series = series;
        Interval = MedianInterval.From(Series);
        Drift = Study.Drift.Find(Series);
        DisturbedShare = Disturbance.Count([this], watched).Share;
        if (configuration.ArithmeticIntensity is { } intensity)
        {
            Roof = roofline?.At(intensity);
            IsComputeBound = roofline is { } roof ? intensity >= roof.Ridge : null;
        }

        Precision = configuration.Visits is { } visits ? MedianPrecision.From(configuration.DurationNs, visits, series.VisitDependence) : null;
    }

    public MeasuredConfiguration Configuration { get; }

    /// <summary>Durations in seconds.</summary>
    public SampleSeries Series { get; }

    public ConfigurationKey Key => Configuration.Key;

    /// <summary>In seconds.</summary>
    public double? Median => Series.Count > 0 ? Series.Median : null;

    /// <summary>95 % confidence interval of the median, in seconds.</summary>
    public Interval? Interval { get; }

    /// <summary>In seconds.</summary>
    public double? P95 => Series.Count >= LeastForP95 ? Quantiles.At(Series.Sorted, 0.95) : null;

    /// <summary>
    /// What the 95th percentile is known to be below, with 95 % confidence, in seconds; null where the effective sample size
    /// is below <see cref="UpperBound.LeastForP95"/> or there are too few visits.
    /// </summary>
    public double? P95Bound => UpperBound.OfP95(Series);

    /// <summary>In seconds.</summary>
    public double? P99 => Series.Count >= LeastForP99 ? Quantiles.At(Series.Sorted, 0.99) : null;

    /// <summary>Median absolute deviation, in seconds.</summary>
    public double? Spread => Series.Count > 1 ? Quantiles.MedianAbsoluteDeviation(Series.Sorted) : null;

    /// <summary>Floating point operations per second at the median.</summary>
    public double? Flops => Configuration.Flops / Median;

    /// <summary>At the median.</summary>
    public double? TokensPerSecond => Key.Tokens / Median;

    /// <summary>Half the interval of the visits' medians over the median: what a run with a precision went by.</summary>
    public double? Precision { get; }

    /// <summary>Floating point operations per second that the roofline allows.</summary>
    public double? Roof { get; }

    /// <summary>What the roofline says is the limit: arithmetic, else memory; null: not known.</summary>
    public bool? IsComputeBound { get; }

    /// <summary><see cref="Flops"/> over what the roofline allows.</summary>
    public double? RooflineShare => Flops / Roof;

    /// <summary>Resident memory that the configuration added, in bytes.</summary>
    public double? AddedMemory =>
        Configuration.PeakMemoryBytes - Configuration.BaselineMemoryBytes is { } added and > 0 ? added : null;

    /// <summary>Null: one group, or too few samples to tell.</summary>
    public Modes? Modes => Series.Modes;

    /// <summary>Null: too few samples to tell. Of a run's configurations: Holm-corrected.</summary>
    public Drift? Drift { get; private set; }

    /// <summary>Rank correlation of each sample with the next one.</summary>
    public double? Autocorrelation => Series.Count >= LeastForP95 ? Ranks.OfNeighbours(Series.Values) : null;

    /// <summary>Of the samples that were watched; null when none was.</summary>
    public double? DisturbedShare { get; }

    /// <summary>Corrects the drifts of a run for how many configurations were looked at.</summary>
    public static void CorrectDrifts(IReadOnlyList<ConfigurationFindings> configurations)
    {
        ConfigurationFindings[] known = [.. configurations.Where(item => item.Drift is not null)];
        double[] adjusted = HolmCorrection.Adjust([.. known.Select(item => item.Drift!.Value.Probability)]);
        foreach ((int index, ConfigurationFindings item) in known.Index())
        {
            item.Drift = item.Drift!.Value with { Probability = adjusted[index] };
        }
    }
}
