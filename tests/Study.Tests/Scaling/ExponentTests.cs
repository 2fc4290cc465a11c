namespace Observatory.Study.Tests;

/// <summary>Exponents that were put in come out, with errors that are right.</summary>
public sealed class ExponentTests
{
    private static readonly SyntheticStudy Law = new()
    {
        Latency = (batch, sequence, dim) => 1e-8 * batch * Math.Pow(sequence, 1.5) * Math.Pow(dim, 2),
    };

    [Fact]
    public void A_power_law_is_found_jointly_alone_and_step_by_step()
    {
        PowerLaws latency = Assert.Single(Law.Findings().Families).Latency;
        (Axis Axis, double True)[] expected = [(Axis.Batch, 1), (Axis.Sequence, 1.5), (Axis.Dim, 2)];
        foreach ((Axis axis, double exponent) in expected)
        {
            Assert.Equal(exponent, latency.Joint!.Exponents[axis].Value, 0.02);
            Assert.Equal(exponent, latency.Alone[axis].Value, 0.02);
            Assert.All(latency.Local[axis], step => Assert.Equal(exponent, step.Mean!.Value.Value, 0.05));
        }

        Assert.InRange(latency.Joint!.Explained, 0.999, 1);
        Assert.Equal(4, latency.LastStep(Axis.Dim)!.Factor, 0.1);
    }

    [Fact]
    public void The_95_percent_intervals_cover_the_truth_in_95_percent_of_studies()
    {
        var study = new SyntheticStudy { Latency = Law.Latency, Noise = new Latencies(8) { Spread = 0.1 }, Visits = [10] };
        Exponent[] dims = [.. Enumerable.Range(0, 400).Select(_ => study.Findings().Families[0].Latency.Joint!.Exponents[Axis.Dim])];

        Assert.InRange(dims.Average(exponent => exponent.Interval.Contains(2) ? 1.0 : 0), 0.92, 0.98);
    }

    /// <summary>
    /// Anscombe's first data set (The American Statistician 1973): slope 0.5001 with standard error 0.1179, R² 0.667.
    /// </summary>
    [Fact]
    public void Least_squares_are_those_of_Anscombe()
    {
        int[] x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
        double[] y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
        // The fit takes logarithms, so powers of two and e give it the published numbers.
        ScalingPoint[] points = [.. x.Zip(y, (a, b) => new ScalingPoint(new("x", 1L << a, 1, 1, "", 1), Math.Exp(b)))];
        JointFit fit = JointFit.Fit(points)!;
        Exponent exponent = fit.Exponents[Axis.Batch];

        Assert.Equal(0.5001, exponent.Value * Math.Log(2), 4);
        Assert.Equal(0.1179, exponent.Error * Math.Log(2), 4);
        Assert.Equal(0.667, fit.Explained, 3);
        Assert.Equal(exponent.Value, AxisFit.Fit(points, Axis.Batch)!.Value.Value, 9);
        Assert.Equal(exponent.Error, AxisFit.Fit(points, Axis.Batch)!.Value.Error, 9);
    }

    [Fact]
    public void A_size_that_does_not_vary_has_no_exponent()
    {
        PowerLaws latency = new SyntheticStudy { Sequences = [512] }.Findings().Families[0].Latency;

        Assert.Equal([Axis.Batch, Axis.Dim], latency.Alone.Keys);
        Assert.Equal([Axis.Batch, Axis.Dim], latency.Joint!.Exponents.Keys);
        Assert.Empty(latency.Local[Axis.Sequence]);
    }

    [Fact]
    public void Sizes_that_vary_together_cannot_be_told_apart()
    {
        ScalingPoint[] points =
            [.. new long[] { 1, 2, 4, 8, 16 }.Select(size => new ScalingPoint(new("x", size, size, 1, "", 1), size))];

        Assert.Null(JointFit.Fit(points));
        Assert.Null(AxisFit.Fit(points, Axis.Batch));
    }

    [Fact]
    public void Two_points_have_a_slope_but_no_error()
    {
        ScalingPoint[] points = [new(new("x", 1, 1, 1, "", 1), 1), new(new("x", 2, 1, 1, "", 1), 4)];
        LocalExponent step = Assert.Single(LocalExponent.Along(Axis.Batch, points));

        Assert.Null(JointFit.Fit(points));
        Assert.Equal((2.0, null), (step.Average, step.Mean));
    }
}
