using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Observatory.Soak;

/// <summary>Ordinary least squares with few columns.</summary>
/// <param name="Coefficients">One for each column.</param>
/// <param name="Errors">Standard errors of them, for residuals that do not depend on each other.</param>
/// <param name="Residuals">What the columns leave unexplained.</param>
internal sealed record Regression(double[] Coefficients, double[] Errors, double[] Residuals)
{
    /// <summary>Null where a column is a combination of the others, or there are too few values.</summary>
    /// <param name="columns">Each as long as the values.</param>
    /// <param name="values">What is explained.</param>
    public static Regression? Fit(double[][] columns, double[] values)
    {
        if (values.Length <= columns.Length) return null;
        Matrix<double> model = Matrix<double>.Build.DenseOfColumnArrays(columns);
        QR<double> decomposed = model.QR(QRMethod.Thin);
        if (!decomposed.IsFullRank) return null;
        Vector<double> explained = Vector<double>.Build.DenseOfArray(values);
        Vector<double> coefficients = decomposed.Solve(explained);
        Vector<double> residuals = explained - (model * coefficients);
        double variance = residuals.DotProduct(residuals) / (values.Length - columns.Length);
        // The inverse of X'X is that of R times its transpose: its diagonal holds the squared lengths of the rows.
        Vector<double> lengths = decomposed.R.Inverse().RowNorms(2);
        return new Regression([.. coefficients], [.. lengths * Math.Sqrt(variance)], [.. residuals]);
    }
}
