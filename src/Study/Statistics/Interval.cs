namespace Observatory.Study;

/// <summary>A confidence interval, both ends included.</summary>
public readonly record struct Interval(double Low, double High)
{
    public bool Contains(double value) => Low <= value && value <= High;

    public Interval Times(double factor) => new(Low * factor, High * factor);
}
