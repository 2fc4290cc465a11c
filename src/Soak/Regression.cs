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
        int width = columns.Length;
        if (values.Length <= width || Inverse(Products(columns)) is not { } inverse) return null;
        double[] projected = [.. columns.Select(column => Product(column, values))];
        double[] coefficients = [.. inverse.Select(row => Product(row, projected))];
        double[] residuals = [.. values];
        for (int column = 0; column < width; column++)
        {
            for (int i = 0; i < residuals.Length; i++) residuals[i] -= coefficients[column] * columns[column][i];
        }

        double variance = Product(residuals, residuals) / (values.Length - width);
        return new Regression(coefficients, [.. inverse.Select((row, at) => Math.Sqrt(variance * Math.Max(0, row[at])))], residuals);
    }

    private static double[][] Products(double[][] columns) =>
        [.. columns.Select(one => columns.Select(other => Product(one, other)).ToArray())];

    private static double Product(double[] one, double[] other)
    {
        double sum = 0;
        for (int i = 0; i < one.Length; i++) sum += one[i] * other[i];
        return sum;
    }

    /// <summary>By Gauss and Jordan. The matrix is symmetric and not negative: its diagonal is what to divide by.</summary>
    private static double[][]? Inverse(double[][] matrix)
    {
        int width = matrix.Length;
        double[][] inverse = [.. Enumerable.Range(0, width).Select(row => Enumerable.Range(0, width).Select(column => row == column ? 1.0 : 0).ToArray())];
        double[] scale = [.. matrix.Select((row, at) => row[at])];
        for (int pivot = 0; pivot < width; pivot++)
        {
            double divisor = matrix[pivot][pivot];
            if (divisor <= 1e-12 * scale[pivot]) return null;
            for (int column = 0; column < width; column++)
            {
                matrix[pivot][column] /= divisor;
                inverse[pivot][column] /= divisor;
            }

            for (int row = 0; row < width; row++)
            {
                double factor = matrix[row][pivot];
                if (row == pivot || factor == 0) continue;
                for (int column = 0; column < width; column++)
                {
                    matrix[row][column] -= factor * matrix[pivot][column];
                    inverse[row][column] -= factor * inverse[pivot][column];
                }
            }
        }

        return inverse;
    }
}
