using MathNet.Numerics.Distributions;

namespace Observatory.Study.Tests;

/// <summary>Latencies of a known distribution: seeded, so that a test that passes passes again.</summary>
internal sealed class Latencies(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Share of samples that are 3 to 10 times as long.</summary>
    public double Outliers { get; init; }

    /// <summary>Correlation of neighbours in time, before the outliers.</summary>
    public double Correlation { get; init; }

    /// <summary>Standard deviation of the logarithm within a visit.</summary>
    public double Spread { get; init; } = 0.1;

    /// <summary>Standard deviation of the logarithm of what all samples of a visit share.</summary>
    public double VisitSpread { get; init; }

    /// <param name="median">In seconds.</param>
    /// <param name="visits">Samples of each visit.</param>
    public SampleSeries Take(double median, params int[] visits) =>
        new([.. visits.SelectMany(samples => Visit(median, samples))], visits);

    private double[] Visit(double median, int samples)
    {
        double shared = VisitSpread * Normal.Sample(_random, 0, 1);
        double state = Normal.Sample(_random, 0, 1);
        double[] values = new double[samples];
        for (int i = 0; i < samples; i++)
        {
            double outlier = _random.NextDouble() < Outliers ? 3 + (7 * _random.NextDouble()) : 1;
            values[i] = median * Math.Exp(shared + (Spread * state)) * outlier;
            double step = Math.Sqrt(1 - (Correlation * Correlation));
            state = (Correlation * state) + (step * Normal.Sample(_random, 0, 1));
        }

        return values;
    }
}
