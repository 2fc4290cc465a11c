namespace Observatory.Study;

/// <summary>Operations per second against operations per byte, below the roof of the machine.</summary>
internal static class RooflinePlot
{
    public static IEnumerable<Plot> DrawAll(StudyFindings findings)
    {
        (string Name, Roofline Roof)[] roofs =
        [
            .. from one in findings.Rooflines
               from roof in one.Value is { } known ? [known] : Array.Empty<Roofline>()
               select (Name(one.Key, findings.Rooflines.Count), roof),
        ];
        ChartSeries[] families =
        [
            .. findings.Families.Select(family => new ChartSeries(
                family.Label, [.. family.Configurations.Select(Point).OfType<ChartPoint>()]) { HasLine = false }),
        ];
        double[] intensities = [.. families.SelectMany(series => series.Points).Select(point => point.X)];
        if (roofs.Length == 0 || intensities.Length == 0) yield break;
        double least = Math.Min(intensities.Min(), roofs.Min(one => one.Roof.Ridge) / 2);
        double most = Math.Max(intensities.Max(), roofs.Max(one => one.Roof.Ridge) * 2);
        IEnumerable<ChartSeries> lines = roofs.Select(one => new ChartSeries(one.Name, Edge(one.Roof, least, most))
        {
            IsReference = true, HasMarks = false,
        });
        yield return ChartSvg.Draw(new Chart(
            "Roofline",
            ChartAxes.Rate("floating point operations per byte"),
            ChartAxes.Rate("FLOP/s at the median"),
            [.. lines, .. families]))!;
    }

    private static string Name((int Threads, string Dtype) of, int roofs) =>
        roofs == 1 ? "roof" : $"roof, {of.Threads} {(of.Threads == 1 ? "thread" : "threads")}, {of.Dtype}";

    private static ChartPoint[] Edge(Roofline roof, double least, double most) =>
        [new(least, roof.At(least)), new(roof.Ridge, roof.Peak), new(most, roof.Peak)];

    private static ChartPoint? Point(ConfigurationFindings item) =>
        item is { Flops: { } flops, Configuration.ArithmeticIntensity: { } intensity }
            ? new ChartPoint(
                intensity,
                flops,
                Hint: $"{item.Key}: {NumberText.Count(flops)}FLOP/s, {NumberText.Percent(item.RooflineShare)} of the roof")
            : null;
}

/// <summary>Operations per second against working set, with the caches it outgrows on the way.</summary>
internal static class WorkingSetPlot
{
    public static IEnumerable<Plot> DrawAll(StudyFindings findings)
    {
        ChartSeries[] lines =
        [
            .. from family in findings.Families
               from dim in family.Configurations.GroupBy(item => item.Key.Dim)
               select new ChartSeries(
                   $"{family.Label}, dim {dim.Key}",
                   [.. dim.Select(Point).OfType<ChartPoint>().OrderBy(point => point.X)]) { HasLine = false },
        ];
        ChartPoint[] points = [.. lines.SelectMany(line => line.Points)];
        if (points.Length < 2) yield break;
        yield return ChartSvg.Draw(new Chart(
            "FLOP/s against working set",
            ChartAxes.Bytes("working set by formula"),
            ChartAxes.Rate("FLOP/s at the median"),
            [.. lines.Where(line => line.Points.Count > 0), .. Caches(findings.Results.Machine, points)]))!;
    }

    private static IEnumerable<ChartSeries> Caches(MachineFingerprint machine, ChartPoint[] points)
    {
        (string Name, long? Bytes)[] caches =
            [("L1d", machine.L1dBytes * machine.Threads), ("L2", machine.L2Bytes * machine.Threads), ("L3", machine.L3Bytes)];
        return
            from cache in caches
            where points.Min(point => point.X) <= cache.Bytes && cache.Bytes <= points.Max(point => point.X)
            let bytes = cache.Bytes!.Value
            select new ChartSeries($"{cache.Name} {NumberText.Bytes(bytes)}", [new ChartPoint(bytes, points[0].Y)]) { IsVertical = true };
    }

    private static ChartPoint? Point(ConfigurationFindings item) =>
        item is { Flops: { } flops, Configuration.WorkingSetBytes: { } bytes }
            ? new ChartPoint(bytes, flops, Hint: $"{item.Key}: {NumberText.Count(flops)}FLOP/s, {NumberText.Bytes(bytes)}")
            : null;
}
