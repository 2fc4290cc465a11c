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
    public static JointFit? Of(IReadOnlyList<ScalingPoint> points)
    {
        Axis[] varying = [.. Axes.All.Where(axis => points.Select(point => axis.Of(point.Key)).Distinct().Count() > 1)];
        int freedom = points.Count - varying.Length - 1;
        if (varying.Length == 0 || freedom < 1) return null;
        Matrix<double> sizes = Matrix<double>.Build.Dense(
            points.Count, varying.Length, (row, column) => Math.Log(varying[column].Of(points[row].Key)));
        Vector<double> values = Vector<double>.Build.Dense(points.Count, row => Math.Log(points[row].Value));
        foreach (int column in Enumerable.Range(0, varying.Length))
        {
            sizes.SetColumn(column, sizes.Column(column) - sizes.Column(column).Average());
        }

        values -= values.Average();
        return Solve(varying, sizes, values, freedom);
    }

    private static JointFit? Solve(Axis[] varying, Matrix<double> sizes, Vector<double> values, int freedom)
    {
        Matrix<double> products = sizes.TransposeThisAndMultiply(sizes);
        if (products.ConditionNumber() > 1e9) return null;
        Matrix<double> inverse = products.Inverse();
        Vector<double> exponents = inverse * sizes.TransposeThisAndMultiply(values);
        double residual = (values - (sizes * exponents)).L2Norm();
        double variance = residual * residual / freedom;
        double total = values.DotProduct(values);
        return new JointFit(
            varying.Index().ToDictionary(
                pair => pair.Item,
                pair => new Exponent(
                    exponents[pair.Index], Math.Sqrt(variance * inverse[pair.Index, pair.Index]), freedom)),
            total > 0 ? 1 - (residual * residual / total) : 1);
    }
}
