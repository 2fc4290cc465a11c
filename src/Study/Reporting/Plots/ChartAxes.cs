namespace Observatory.Study;

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
