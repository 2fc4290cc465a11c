using System.Globalization;
using MathNet.Numerics.Distributions;

namespace Observatory.Soak;

/// <summary>A level that changed once, and stayed.</summary>
/// <param name="Hours">When, since the run began.</param>
/// <param name="Before">Median until then.</param>
/// <param name="After">Median from then on.</param>
/// <param name="Chance">How often a rise like that is seen somewhere in a series that has none; at most 1.</param>
/// <remarks>
/// Each place is tried; the best is the one whose change stands out most of its own error. Values are whitened first, so that a slow
/// wander is no step, and a daily cycle is fitted beside the step. That many places were tried is paid for (Bonferroni).
/// </remarks>
internal sealed record Step(double Hours, double Before, double After, double Chance)
{
    private const int Cells = 240;

    /// <summary>Where fewer values lie on one side, it may be the beginning of anything.</summary>
    private const double LeastSide = 0.1;

    public double Change => After - Before;

    public DateTimeOffset At(SoakPlan plan) => plan.Began + TimeSpan.FromHours(Hours);

    /// <summary>From where to where, and when.</summary>
    public string Text(SoakPlan plan, string unit) => string.Create(
        CultureInfo.InvariantCulture, $"from {Before:0.#} to {After:0.#} {unit}{(unit.Length > 0 ? " " : "")}at {At(plan):yyyy-MM-dd HH:mm:ss} UTC and stayed there");

    /// <summary>The clearest rise of a series; null where there are too few values, or none.</summary>
    public static Step? Find(IReadOnlyList<Point> points, bool floor)
    {
        Point[] cells = Trend.Reduce(points, Cells, floor);
        if (cells.Length < Trend.Least) return null;
        double[] values = [.. cells.Select(cell => cell.Value)];
        double[][] cycle = DailyCycle.Columns(cells);
        // How values depend on each other is seen only beside the step, and the step only beside the dependence.
        if (Clearest(values, cycle, dependence: 0) is not { } first) return null;
        // Level, step and its place.
        double dependence = Autoregression.Of(first.Residuals, parameters: cycle.Length + 3);
        if (Clearest(values, cycle, dependence) is not { } best) return null;
        double freedom = Autoregression.Freedom(values.Length, dependence, parameters: cycle.Length + 3);
        double chance = Math.Min(1, (values.Length - (2 * Side(values))) * StudentT.CDF(0, 1, freedom, -best.Score));
        double[] calm = DailyCycle.Without(values, cycle, [.. best.Coefficients.Skip(2)]);
        return new Step(cells[best.At].Hours, Trend.Median(calm[..best.At]), Trend.Median(calm[best.At..]), chance);
    }

    private static int Side(double[] values) => (int)Math.Ceiling(LeastSide * values.Length);

    private static StepCandidate? Clearest(double[] values, double[][] cycle, double dependence)
    {
        double[] white = Autoregression.Whiten(values, dependence);
        double[][] rest = [.. cycle.Select(column => Autoregression.Whiten(column, dependence))];
        double[] level = new double[values.Length];
        Array.Fill(level, 1);
        double[] whiteLevel = Autoregression.Whiten(level, dependence);
        StepCandidate? best = null;
        for (int at = Side(values); at < values.Length - Side(values); at++)
        {
            double[] rise = new double[values.Length];
            Array.Fill(rise, 1, at, values.Length - at);
            if (Regression.Fit([whiteLevel, Autoregression.Whiten(rise, dependence), .. rest], white) is not { } fit || fit.Errors[1] == 0) continue;
            double score = fit.Coefficients[1] / fit.Errors[1];
            if (score > (best?.Score ?? 0)) best = new StepCandidate(at, score, fit.Coefficients, fit.Residuals);
        }

        return best;
    }

    private sealed record StepCandidate(int At, double Score, double[] Coefficients, double[] Residuals);
}
