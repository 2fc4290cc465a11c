namespace Observatory.Study;

/// <summary>From values to pixels, along one axis.</summary>
internal sealed class Scale
{
    private static readonly int[] RoundSteps = [1, 2, 5, 10];
    private static readonly double[][] Multiples = [[1], [1, 2, 5], [1, 1.5, 2, 3, 5, 7], [.. Enumerable.Range(10, 90).Select(i => i / 10.0)]];

    /// <summary>Pixels that a number of seven digits takes.</summary>
    private const double LeastDistance = 44;

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
    public IReadOnlyList<double> Ticks => _axis.Ticks is { } given
        ? Apart(given)
        : _axis.IsLogarithmic ? LogarithmicTicks() : LinearTicks();

    public double Pixel(double value) => _start + ((Transform(value) - _least) / (_most - _least) * (_end - _start));

    private double Transform(double value) => _axis.IsLogarithmic ? Math.Log(value, _axis.Base) : value;

    /// <summary>Without those whose numbers would run into the one before.</summary>
    private List<double> Apart(IReadOnlyList<double> ticks)
    {
        List<double> kept = [];
        foreach (double tick in ticks)
        {
            if (kept.Count == 0 || Math.Abs(Pixel(tick) - Pixel(kept[^1])) >= LeastDistance) kept.Add(tick);
        }

        return kept;
    }

    /// <summary>Powers of the base, or with round multiples between them where those would be too few.</summary>
    private double[] LogarithmicTicks()
    {
        double[][] choices = [.. Multiples.Select(TicksAt)];
        return choices.FirstOrDefault(ticks => ticks.Length >= 3) ?? choices[^1];
    }

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

    private double[] LinearTicks()
    {
        double rough = (_most - _least) / 5;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = RoundSteps.First(factor => factor * power >= rough) * power;
        double first = Math.Ceiling(_least / step) * step;
        return [.. Enumerable.Range(0, 8).Select(i => first + (i * step)).Where(value => value <= _most)];
    }
}
