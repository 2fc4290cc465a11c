namespace Observatory.Study;

/// <summary>A picture with two axes.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="X">The axis to the right.</param>
/// <param name="Y">The axis upwards.</param>
/// <param name="Series">What is drawn, the most important first.</param>
internal sealed record Chart(string Title, ChartAxis X, ChartAxis Y, IReadOnlyList<ChartSeries> Series);

/// <summary>An axis of a <see cref="Chart"/>.</summary>
/// <param name="Label">What it counts, and its unit.</param>
/// <param name="IsLogarithmic">Equal distances are equal ratios; values are above zero.</param>
/// <param name="Format">How a tick is written.</param>
internal sealed record ChartAxis(string Label, bool IsLogarithmic, Func<double, string> Format)
{
    /// <summary>What a logarithmic axis has its ticks at powers of.</summary>
    public double Base { get; init; } = 10;

    /// <summary>Where ticks have to be: the sizes that were measured. Null: wherever they are round.</summary>
    public IReadOnlyList<double>? Ticks { get; init; }
}

/// <summary>Points that belong together.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Points">In the order in which a line joins them.</param>
internal sealed record ChartSeries(string Name, IReadOnlyList<ChartPoint> Points)
{
    public bool HasLine { get; init; } = true;

    public bool HasMarks { get; init; } = true;

    /// <summary>A limit along the axis to the right, at its first point: a line from top to bottom with its name above.</summary>
    public bool IsVertical { get; init; }

    /// <summary>A limit or a model instead of a measurement.</summary>
    public bool IsReference { get; init; }
}

/// <summary>A point with, where it is known, its interval.</summary>
/// <param name="X">Position.</param>
/// <param name="Y">Value.</param>
/// <param name="Low">Lower end of the interval of the value.</param>
/// <param name="High">Upper end of the interval of the value.</param>
/// <param name="Hint">What the page says when the point is pointed at.</param>
/// <param name="Label">What stands beside it, where there is room.</param>
internal readonly record struct ChartPoint(double X, double Y, double? Low = null, double? High = null, string? Hint = null, string? Label = null);

/// <summary>The axes that the pictures share.</summary>
internal static class ChartAxes
{
    /// <summary>A size, with ticks where it was measured.</summary>
    public static ChartAxis Size(string label, IEnumerable<double> sizes) =>
        new(label, true, value => NumberText.Whole((long)value)) { Ticks = [.. sizes.Distinct().Order()] };

    public static ChartAxis Latency { get; } = new("median latency", true, value => NumberText.Seconds(value));

    public static ChartAxis Rate(string label, bool logarithmic = true) =>
        new(label, logarithmic, value => NumberText.Count(value));

    public static ChartAxis Bytes(string label) => new(label, true, value => NumberText.Bytes(value)) { Base = 4 };
}
