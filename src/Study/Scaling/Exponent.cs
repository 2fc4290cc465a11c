using MathNet.Numerics.Distributions;

namespace Observatory.Study;

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
