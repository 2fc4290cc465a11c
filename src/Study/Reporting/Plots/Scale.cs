namespace Observatory.Study.Reporting.Plots;

/// <summary>From values to pixels, along one axis.</summary>
internal sealed class Scale
{
    private static readonly int[] RoundSteps = [1, 2, 5, 10];

    private readonly ChartAxis _axis;
    private readonly double _least, _most, _start, _end;

    /// <param name="axis">The axis.</param>
    /// <param name="values">At least one value that must be visible.</param>
    /// <param name="start">Pixel of the least value.</param>
    /// <param name="end">Pixel of the largest value.</param>
    public Scale(ChartAxis axis, IEnumerable<double> values, double start, double end)
    {
        _axis = axis;
        double[] all = [.. values.Select(Transform)];
        (_least, _most) = (all.Min(), all.Max());
        double margin = _most > _least ? (_most - _least) * 0.05 : 0.5;
        (_least, _most) = (_least - margin, _most + margin);
        (_start, _end) = (start, end);
    }

    /// <summary>Values with a line and a number.</summary>
    public IReadOnlyList<double> Ticks => _axis.Ticks ?? (_axis.IsLogarithmic ? LogarithmicTicks() : LinearTicks());

    public double Pixel(double value) => _start + ((Transform(value) - _least) / (_most - _least) * (_end - _start));

    private double Transform(double value) => _axis.IsLogarithmic ? Math.Log10(value) : value;

    /// <summary>1, 2 and 5 times powers of ten where that gives at least three ticks and not more than eight.</summary>
    private double[] LogarithmicTicks()
    {
        int first = (int)Math.Floor(_least), last = (int)Math.Ceiling(_most);
        double[] steps = last - first <= 2 ? [1, 2, 5] : [1];
        double[] ticks =
        [
            .. from power in Enumerable.Range(first, last - first + 1)
               from step in steps
               let value = step * Math.Pow(10, power)
               where Transform(value) >= _least && Transform(value) <= _most
               select value,
        ];
        return ticks.Length < 2 ? [Math.Pow(10, _least), Math.Pow(10, _most)] : ticks;
    }

    private double[] LinearTicks()
    {
        double rough = (_most - _least) / 5;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = RoundSteps.First(factor => factor * power >= rough) * power;
        double first = Math.Ceiling(_least / step) * step;
        return [.. Enumerable.Range(0, 8).Select(i => first + (i * step)).Where(value => value <= _most)];
    }
}
