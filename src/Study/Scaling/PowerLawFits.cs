using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace Observatory.Study;

/// <summary>
/// <c>log value = c + a log batch + b log sequence + d log dim</c> by least squares over all configurations. The errors
/// are those of the model: how far the configurations are from one power law.
/// </summary>
/// <param name="Exponents">Of the sizes that vary.</param>
/// <param name="Explained">Share of the variance of the logarithms that the law explains (R squared).</param>
internal sealed record JointFit(IReadOnlyDictionary<Axis, Exponent> Exponents, double Explained)
{
    /// <summary>Null when no size varies, when they vary together, or with too few configurations.</summary>
    public static JointFit? Fit(IReadOnlyList<ScalingPoint> points)
    {
        Axis[] varying = [.. Axes.All.Where(axis => points.Select(point => axis.SizeOf(point.Key)).Distinct().Count() > 1)];
        int freedom = points.Count - varying.Length - 1;
        if (varying.Length == 0 || freedom < 1) return null;
        Matrix<double> sizes = Matrix<double>.Build.Dense(
            points.Count, varying.Length, (row, column) => Math.Log(varying[column].SizeOf(points[row].Key)));
        Vector<double> values = Vector<double>.Build.Dense(points.Count, row => Math.Log(points[row].Value));
        foreach (int column in Enumerable.Range(0, varying.Length))
        {
            sizes.SetColumn(column, sizes.Column(column) - sizes.Column(column).Average());
        }

        values -= values.Average();
        return Solve(points, varying, sizes, values, freedom);
    }

    private static JointFit? Solve(
        IReadOnlyList<ScalingPoint> points, Axis[] varying, Matrix<double> sizes, Vector<double> values, int freedom)
    {
        Matrix<double> products = sizes.TransposeThisAndMultiply(sizes);
        if (products.ConditionNumber() > 1e9) return null;
        Matrix<double> inverse = products.Inverse();
        Vector<double> exponents = inverse * sizes.TransposeThisAndMultiply(values);
        Vector<double> residuals = values - (sizes * exponents);
        double residual = residuals.L2Norm();
        double total = values.DotProduct(values);
        return new JointFit(
            varying.Index().ToDictionary(
                pair => pair.Item,
                pair => SharedDeviations.Estimate(
                    exponents[pair.Index],
                    [.. residuals.Index().Select(one => (pair.Item.SizeOf(points[one.Index].Key), one.Item))],
                    1 / inverse[pair.Index, pair.Index],
                    freedom)),
            total > 0 ? 1 - (residual * residual / total) : 1);
    }
}

/// <summary>
/// The exponent along one size alone: a common slope of the logarithms within groups of configurations that share the
/// other two, each group with a level of its own.
/// </summary>
internal static class AxisFit
{
    /// <summary>Null when no group varies along the axis, or with too few configurations for an error.</summary>
    public static Exponent? Fit(IEnumerable<ScalingPoint> points, Axis axis)
    {
        (long Size, double X, double Y)[][] groups =
        [
            .. points
                .GroupBy(point => axis.Others(point.Key))
                .Select(group => group
                    .Select(point => (
                        Size: axis.SizeOf(point.Key), X: Math.Log(axis.SizeOf(point.Key)), Y: Math.Log(point.Value))).ToArray())
                .Where(group => group.Length > 1),
        ];
        (long Size, double X, double Y)[] centered = [.. groups.SelectMany(Centered)];
        int freedom = centered.Length - groups.Length - 1;
        if (freedom < 1) return null;
        double squares = centered.Sum(point => point.X * point.X);
        double slope = centered.Sum(point => point.X * point.Y) / squares;
        return SharedDeviations.Estimate(
            slope, [.. centered.Select(point => (point.Size, point.Y - (slope * point.X)))], squares, freedom);
    }

    private static IEnumerable<(long Size, double X, double Y)> Centered((long Size, double X, double Y)[] group)
    {
        double x = group.Average(point => point.X);
        double y = group.Average(point => point.Y);
        return group.Select(point => (point.Size, point.X - x, point.Y - y));
    }
}

/// <summary>
/// The error of an exponent. Configurations of one size may share a deviation, such as a kernel that suits 512 and not 1024:
/// then many configurations are not many looks at the same few sizes. Where their residuals show it (F test), the error is
/// that between the sizes, as if each size were one point. Two sizes cannot show it.
/// </summary>
internal static class SharedDeviations
{
    private const int LeastSizes = 3;
    private const double Level = 0.1;

    /// <param name="value">The exponent.</param>
    /// <param name="residuals">Of each configuration, and its size along the axis.</param>
    /// <param name="squares">Sum of squares of the logarithms of the size that the exponent was fitted to.</param>
    /// <param name="freedom">Degrees of freedom of the residuals; at least 1.</param>
    public static Exponent Estimate(double value, IReadOnlyList<(long Size, double Residual)> residuals, double squares, int freedom)
    {
        double all = residuals.Sum(one => one.Residual * one.Residual);
        var independent = new Exponent(value, Math.Sqrt(all / freedom / squares), freedom);
        var sizes = residuals.GroupBy(one => one.Size, one => one.Residual).ToArray();
        int between = sizes.Length - 2, within = freedom - between;
        if (sizes.Length < LeastSizes || within < 1) return independent;
        double shared = sizes.Sum(size => size.Count() * Math.Pow(size.Average(), 2));
        double own = Math.Max(all - shared, 1e-24);
        if (1 - FisherSnedecor.CDF(between, within, shared / between / (own / within)) > Level) return independent;
        return new Exponent(value, Math.Sqrt(shared / between / squares), between);
    }
}

/// <summary>
/// What a quantity has that does not grow: the intercept of the line by least squares of what was measured against what the
/// formula says. A library has buffers of a fixed size, which would bend a power law of small configurations.
/// </summary>
internal static class FixedPart
{
    private const int LeastPoints = 4;

    /// <summary>At least 0; 0 also where there are too few points to tell.</summary>
    /// <param name="points">By formula, and as measured.</param>
    public static double Estimate(IEnumerable<(double Formula, double Measured)> points)
    {
        (double X, double Y)[] all = [.. points];
        if (all.Length < LeastPoints) return 0;
        double x = all.Average(point => point.X), y = all.Average(point => point.Y);
        double squares = all.Sum(point => (point.X - x) * (point.X - x));
        if (squares == 0) return 0;
        double slope = all.Sum(point => (point.X - x) * (point.Y - y)) / squares;
        return Math.Max(0, y - (slope * x));
    }
}
