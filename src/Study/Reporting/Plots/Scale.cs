namespace Observatory.Study;

/// <summary>From values to pixels, along one axis.</summary>
internal sealed class Scale
{
    private static readonly int[] RoundSteps = [1, 2, 5, 10];
    private static readonly double[][] Multiples = [[1], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]];

    /// <summary>Of axes that count in powers of two.</summary>
    private static readonly double[][] BinaryMultiples = [[1], [1, 2], [1, 1.5, 2, 3]];

    /// <summary>With fewer numbers an axis cannot be read.</summary>
    private const int LeastTicks = 3;

    private readonly double _leastDistance;

    private readonly ChartAxis _axis;
    private readonly double _least, _most, _start, _end;

    /// <param name="axis">The axis.</param>
    /// <param name="values">At least one value that must be visible.</param>
    /// <param name="start">Pixel of the least value.</param>
    /// <param name="end">Pixel of the largest value.</param>
    /// <param name="leastDistance">Pixels between two numbers that do not touch.</param>
    public Scale(ChartAxis axis, IEnumerable<double> values, double start, double end, double leastDistance)
    {
        _leastDistance = leastDistance;
        _axis = axis;
        double[] all = [.. values.Select(Transform)];
        (_least, _most) = (all.Min(), all.Max());
        double margin = _most > _least ? (_most - _least) * 0.05 : 0.5;
        (_least, _most) = (_least - margin, _most + margin);
        (_start, _end) = (start, end);
    }

    /// <summary>Values with a line and a number.</summary>
    public IReadOnlyList<double> Ticks => _axis.Ticks is { } given
        ? Apart(given)
        : _axis.IsLogarithmic ? LogarithmicTicks() : Apart(LinearTicks(_least, _most));

    public double Pixel(double value) => _start + ((Transform(value) - _least) / (_most - _least) * (_end - _start));

    private double Transform(double value) => _axis.IsLogarithmic ? Math.Log(value, _axis.Base) : value;

    /// <summary>Without those whose numbers would run into the one before, or read the same.</summary>
    private List<double> Apart(IEnumerable<double> ticks)
    {
        List<double> kept = [];
        foreach (double tick in ticks)
        {
            if (kept.Count == 0 || (Math.Abs(Pixel(tick) - Pixel(kept[^1])) >= _leastDistance && _axis.Format(tick) != _axis.Format(kept[^1])))
            {
                kept.Add(tick);
            }
        }

        return kept;
    }

    /// <summary>
    /// Powers of the base, or with round multiples between them where those would be too few. Over less than that an axis of
    /// ratios looks like one of differences, and has its ticks.
    /// </summary>
    private List<double> LogarithmicTicks() => (_axis.Base == 10 ? Multiples : BinaryMultiples)
        .Select(TicksAt)
        .Append(LinearTicks(Math.Pow(_axis.Base, _least), Math.Pow(_axis.Base, _most)))
        .Select(Apart)
        .Aggregate((best, next) => best.Count >= LeastTicks || best.Count > next.Count ? best : next);

    private double[] TicksAt(double[] multiples)
    {
        int first = (int)Math.Floor(_least), last = (int)Math.Ceiling(_most);
        return
        [
            .. from power in Enumerable.Range(first, last - first + 1)
               from multiple in multiples
               let value = multiple * Math.Pow(_axis.Base, power)
               where Transform(value) >= _least && Transform(value) <= _most
               select value,
        ];
    }

    private static double[] LinearTicks(double least, double most)
    {
        double rough = (most - least) / 5;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = RoundSteps.First(factor => factor * power >= rough) * power;
        double first = Math.Ceiling(least / step) * step;
        return [.. Enumerable.Range(0, 8).Select(i => first + (i * step)).Where(value => value <= most)];
    }
}
