namespace Observatory.Study;

/// <summary>How one quantity of one family of configurations grows.</summary>
/// <param name="Points">The configurations that have it.</param>
/// <param name="Joint">All three sizes in one law; null when that cannot be told.</param>
/// <param name="Alone">Each size by itself; a size that does not vary is absent.</param>
/// <param name="Local">Each size from step to step.</param>
internal sealed record ScalingOf(
    IReadOnlyList<ScalingPoint> Points,
    JointFit? Joint,
    IReadOnlyDictionary<Axis, Exponent> Alone,
    IReadOnlyDictionary<Axis, IReadOnlyList<LocalExponent>> Local)
{
    /// <summary>The step to the largest size; null when the size does not vary by itself.</summary>
    public LocalExponent? LastStep(Axis axis) => Local[axis] is [.., var last] ? last : null;

    public static ScalingOf Of(IEnumerable<ScalingPoint> points)
    {
        ScalingPoint[] all = [.. points];
        Dictionary<Axis, Exponent> alone = [];
        foreach (Axis axis in Axes.All)
        {
            if (AxisFit.Of(all, axis) is { } exponent) alone[axis] = exponent;
        }

        return new ScalingOf(
            all, JointFit.Of(all), alone, Axes.All.ToDictionary(axis => axis, axis => LocalExponent.Along(axis, all)));
    }
}
