using MathNet.Numerics.Distributions;

namespace Observatory.Study;

/// <summary>How one quantity of one family of configurations grows.</summary>
/// <param name="Points">The configurations that have it.</param>
/// <param name="Joint">All three sizes in one law; null when that cannot be told.</param>
/// <param name="Alone">Each size by itself; a size that does not vary is absent.</param>
/// <param name="Local">Each size from step to step.</param>
internal sealed record PowerLaws(
    IReadOnlyList<ScalingPoint> Points,
    JointFit? Joint,
    IReadOnlyDictionary<Axis, Exponent> Alone,
    IReadOnlyDictionary<Axis, IReadOnlyList<LocalExponent>> Local)
{
    /// <summary>The step to the largest size; null when the size does not vary by itself.</summary>
    public LocalExponent? LastStep(Axis axis) => Local[axis] is [.., var last] ? last : null;

    public static PowerLaws Fit(IEnumerable<ScalingPoint> points)
    {
        ScalingPoint[] all = [.. points];
        Dictionary<Axis, Exponent> alone = [];
        foreach (Axis axis in Axes.All)
        {
            if (AxisFit.Fit(all, axis) is { } exponent) alone[axis] = exponent;
        }

        return new PowerLaws(
            all, JointFit.Fit(all), alone, Axes.All.ToDictionary(axis => axis, axis => LocalExponent.Along(axis, all)));
    }
}

/// <summary>A quantity of one configuration, above zero.</summary>
/// <param name="Key">The configuration.</param>
/// <param name="Value">Latency in seconds, or memory in bytes.</param>
/// <param name="Error">How well its logarithm is known; null where that is not known.</param>
internal readonly record struct ScalingPoint(ConfigurationKey Key, double Value, LogError? Error = null);

/// <summary>
/// The power of a size that a quantity grows with: 1 is proportional, 2 is four times as much for twice the size.
/// </summary>
/// <param name="Value">The estimate.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Freedom">Degrees of freedom of that.</param>
internal readonly record struct Exponent(double Value, double Error, int Freedom)
{
    /// <summary>95 % confidence interval.</summary>
    public Interval Interval
    {
        get
        {
            double half = Error == 0 ? 0 : Error * StudentT.InvCDF(0, 1, Freedom, 0.975);
            return new Interval(Value - half, Value + half);
        }
    }
}
