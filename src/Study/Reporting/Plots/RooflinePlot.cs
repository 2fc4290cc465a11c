namespace Observatory.Study;

/// <summary>Operations per second against operations per byte, below the roof of the machine.</summary>
internal static class RooflinePlot
{
    public static IEnumerable<Plot> Of(StudyFindings findings)
    {
        if (findings.Roofline is not { } roof) yield break;
        ChartSeries[] families =
        [
            .. findings.Families.Select(family => new ChartSeries(
                family.Operation, [.. family.Configurations.Select(Point).OfType<ChartPoint>()]) { HasLine = false }),
        ];
        double[] intensities = [.. families.SelectMany(series => series.Points).Select(point => point.X)];
        if (intensities.Length == 0) yield break;
        double least = Math.Min(intensities.Min(), roof.Ridge / 2), most = Math.Max(intensities.Max(), roof.Ridge * 2);
        ChartPoint[] edge = [new(least, roof.At(least)), new(roof.Ridge, roof.Peak), new(most, roof.Peak)];
        var line = new ChartSeries("roof", edge) { IsReference = true, HasMarks = false };
        yield return ChartSvg.Of(new Chart(
            "Roofline",
            ChartAxes.Rate("floating point operations per byte"),
            ChartAxes.Rate("FLOP/s at the median"),
            [line, .. families]))!;
    }

    private static ChartPoint? Point(ConfigurationFindings item) =>
        item is { Flops: { } flops, Configuration.ArithmeticIntensity: { } intensity }
            ? new ChartPoint(
                intensity,
                flops,
                Hint: $"{item.Key}: {NumberText.Count(flops)}FLOP/s, {NumberText.Percent(item.RooflineShare)} of the roof")
            : null;
}
