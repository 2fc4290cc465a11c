namespace Observatory.Study.Tests;

/// <summary>Whole runs side by side.</summary>
public sealed class ComparisonTests
{
    /// <summary>100 pairs of runs of the same study, 24 configurations each: a difference anywhere is a false one.</summary>
    [Theory]
    [InlineData(6, 0, 0, 0)]
    [InlineData(6, 0.1, 0, 0)]
    [InlineData(6, 0, 0.3, 0)]
    [InlineData(6, 0.05, 0.3, 0)]
    [InlineData(15, 0.05, 0.3, 0.1)]
    public void The_same_study_twice_has_no_mark_in_95_of_100_pairs(
        int visits, double outliers, double correlation, double visitSpread)
    {
        var study = new SyntheticStudy
        {
            Noise = new Latencies(21) { Outliers = outliers, Correlation = correlation, VisitSpread = visitSpread },
            Visits = [.. Enumerable.Repeat(10, visits)],
        };

        int clean = Enumerable.Range(0, 100).Count(_ =>
            !Compare(study, study).Changes.Any(change => change.Change is Change.Faster or Change.Slower));

        TestContext.Current.TestOutputHelper?.WriteLine($"{clean} of 100");
        Assert.InRange(clean, 95, 100);
    }

    /// <summary>With few visits that differ much it often cannot be told; a false difference must not be the way out.</summary>
    [Fact]
    public void Few_visits_that_differ_are_rarely_taken_for_a_change()
    {
        var study = new SyntheticStudy
        {
            Noise = new Latencies(24) { Outliers = 0.05, Correlation = 0.3, VisitSpread = 0.1 },
            Visits = [.. Enumerable.Repeat(10, 6)],
        };

        int clean = Enumerable.Range(0, 100).Count(_ =>
            !Compare(study, study).Changes.Any(change => change.Change is Change.Faster or Change.Slower));

        TestContext.Current.TestOutputHelper?.WriteLine($"{clean} of 100");
        Assert.InRange(clean, 95, 100);
    }

    [Fact]
    public void A_change_of_some_is_found_in_those_and_no_other()
    {
        var before = new SyntheticStudy { Noise = new Latencies(22) { Spread = 0.05, Outliers = 0.05 }, Visits = [.. Enumerable.Repeat(12, 12)] };
        var after = new SyntheticStudy
        {
            Noise = before.Noise, Visits = before.Visits,
            Latency = (batch, sequence, dim) => before.Latency(batch, sequence, dim) * (dim == 512 ? 1.25 : dim == 128 ? 0.8 : 1),
        };

        StudyComparison comparison = Compare(before, after);

        Assert.All(comparison.Changes, change => Assert.Equal(
            change.Before.Key.Dim switch { 512 => Change.Slower, 128 => Change.Faster, _ => Change.NoDifference },
            change.Change));
        Assert.True(comparison.HasRegression);
        Assert.False(Compare(before, before).HasRegression);
        Assert.Equal(1, comparison.Overall!.Value.Ratio, 0.02);
    }

    [Fact]
    public void A_slowdown_that_all_share_shows_over_all()
    {
        var before = new SyntheticStudy { Noise = new Latencies(23) { Spread = 0.1 }, Visits = [1, 1, 1, 1, 1] };
        var after = new SyntheticStudy { Noise = before.Noise, Visits = before.Visits, Latency = (b, s, d) => 1.2 * before.Latency(b, s, d) };

        StudyComparison comparison = Compare(before, after);

        Assert.DoesNotContain(comparison.Changes, change => change.Change is Change.NoDifference or Change.Faster);
        Assert.Contains(comparison.Changes, change => change.Change == Change.Inconclusive);
        Assert.True(comparison.Overall!.Value.Interval.Contains(1.2));
        Assert.True(comparison.Overall.Value.Interval.Low > 1.1);
    }

    [Fact]
    public void What_only_one_run_has_and_what_differs_around_them_is_said()
    {
        StudyResults before = new SyntheticStudy().Results();
        StudyResults after = new SyntheticStudy { Dims = [256, 512, 1024] }.Results() with
        {
            Machine = Samples.Machine with { Torch = "3.0.0" },
        };

        StudyComparison comparison = StudyComparison.Between(StudyFindings.From(before), StudyFindings.From(after));

        Assert.All(comparison.OnlyBefore, key => Assert.Equal(128, key.Dim));
        Assert.All(comparison.OnlyAfter, key => Assert.Equal(1024, key.Dim));
        Assert.Equal((8, 8, 16), (comparison.OnlyBefore.Count, comparison.OnlyAfter.Count, comparison.Changes.Count));
        Assert.Equal("libtorch 2.10.0 and 3.0.0", Assert.Single(comparison.Differences));
    }

    [Fact]
    public void Runs_with_nothing_in_common_cannot_be_compared() =>
        Assert.Throws<ResultsFormatException>(() => Compare(new SyntheticStudy(), new SyntheticStudy { Operation = "mlp" }));

    [Fact]
    public void Machines_are_told_apart_by_their_id()
    {
        StudyResults results = new SyntheticStudy().Results();
        StudyResults other = results with { Machine = Samples.Machine with { Id = "11c0ffee" } };

        Assert.True(StudyComparison.IsSameMachine(StudyFindings.From(results), StudyFindings.From(results)));
        Assert.False(StudyComparison.IsSameMachine(StudyFindings.From(results), StudyFindings.From(other)));
    }

    private static StudyComparison Compare(SyntheticStudy before, SyntheticStudy after) =>
        StudyComparison.Between(before.Findings(), after.Findings());
}
