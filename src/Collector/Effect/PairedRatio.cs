using MathNet.Numerics.Distributions;

namespace Observatory.Collector;

/// <summary>How much longer something takes under one condition than under another, from pairs of both.</summary>
/// <remarks>
/// A pair gives the logarithm of a ratio. Their mean has Student's interval; it needs no model of the noise within a pair, and as the
/// order within a pair is random, what drifts adds to its width and not to its middle.
/// </remarks>
internal sealed class PairedRatio
{
    /// <summary>Fewer pairs do not tell how much they differ.</summary>
    public const int Least = 10;

    /// <summary>The chance that is left on each side of the interval, which is one of 95 %.</summary>
    private const double Outside = 0.025;

    private double _mean;
    private double _squares;

    /// <summary>Pairs so far.</summary>
    public long Pairs { get; private set; }

    /// <summary>Adds the logarithm of a ratio. Welford's sums: nothing is kept of it.</summary>
    public void Add(double logRatio)
    {
        Pairs++;
        double off = logRatio - _mean;
        _mean += off / Pairs;
        _squares += off * (logRatio - _mean);
    }

    /// <summary>The ratio; null where the pairs are too few.</summary>
    public RatioEstimate? Estimate()
    {
        if (Pairs < Least) return null;
        double error = Math.Sqrt(_squares / (Pairs - 1) / Pairs);
        double reach = error * StudentT.InvCDF(0, 1, Pairs - 1, 1 - Outside);
        return new RatioEstimate(Math.Exp(_mean), Math.Exp(_mean - reach), Math.Exp(_mean + reach), Math.Exp(reach) - 1, Pairs);
    }
}

/// <summary>A ratio and how well it is known.</summary>
/// <param name="Ratio">1 for no effect.</param>
/// <param name="Low">Lower end of the interval (95 %).</param>
/// <param name="High">Upper end of it.</param>
/// <param name="Smallest">Half of the interval's width, as a share: a smaller effect could not be detected.</param>
/// <param name="Pairs">Pairs it was found in.</param>
internal sealed record RatioEstimate(double Ratio, double Low, double High, double Smallest, long Pairs);

/// <summary>Units of one pair of stretches, by what they are of: only like is compared with like.</summary>
internal sealed class PairedUnits<TKey>
    where TKey : notnull
{
    /// <summary>Two stretches of a second have few; what is of a name that comes later is left out.</summary>
    private const int Most = 1000;

    private readonly Dictionary<TKey, (Sum Observed, Sum Paused)> _sums = [];

    /// <summary>Adds the time of a unit.</summary>
    public void Add(TKey key, bool isPaused, double seconds)
    {
        if (!_sums.TryGetValue(key, out (Sum Observed, Sum Paused) sums) && _sums.Count >= Most) return;
        _sums[key] = isPaused ? (sums.Observed, sums.Paused.Plus(seconds)) : (sums.Observed.Plus(seconds), sums.Paused);
    }

    /// <summary>
    /// Logarithm of the mean time observed over that paused, the mean over what was in both stretches, each by as much as its two counts
    /// tell; null where nothing was. With the stretches exchanged it changes its sign and nothing else.
    /// </summary>
    public double? LogRatio()
    {
        double sum = 0, weights = 0;
        foreach ((Sum observed, Sum paused) in _sums.Values)
        {
            if (observed.Count == 0 || paused.Count == 0) continue;
            double weight = (double)observed.Count * paused.Count / (observed.Count + paused.Count);
            sum += weight * Math.Log(observed.Mean / paused.Mean);
            weights += weight;
        }

        return weights > 0 ? sum / weights : null;
    }

    private readonly record struct Sum(long Count, double Seconds)
    {
        public double Mean => Seconds / Count;

        public Sum Plus(double seconds) => new(Count + 1, Seconds + seconds);
    }
}
