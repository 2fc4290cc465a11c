namespace Observatory.Study.Tests;

/// <summary>What a run is too short for is said with the option that brings it, and the option does bring it.</summary>
public sealed class MissingSamplesTests
{
    [Fact]
    public void Fifteen_samples_in_three_visits_need_a_fourth_for_p95() => Assert.Equal(
        ["An interval needs 4 visits, this run has 3: --passes 8.", "p95 needs 20 samples, this run has 15: --passes 4."],
        MissingSamples.Of([(3, 15), (3, 15), (0, 0)]));

    [Fact]
    public void Some_of_many_are_counted_and_the_one_that_needs_most_decides() => Assert.Equal(
        ["p95 needs 20 samples, 2 configurations of 3 have 4 to 12: --passes 20."],
        MissingSamples.Of([(6, 60), (4, 12), (4, 4)]));

    [Fact]
    public void Nothing_is_said_where_nothing_is_missing() => Assert.Empty(MissingSamples.Of([(4, 20), (30, 300), (0, 0)]));

    [Theory]
    [InlineData(3, 7)]
    [InlineData(5, 3)]
    [InlineData(20, 5)]
    public void The_passes_that_are_named_suffice(int iterations, int visits)
    {
        string? hint = MissingSamples.Of([(visits, visits * iterations)]).SingleOrDefault(line => line.StartsWith("p95", StringComparison.Ordinal));
        int passes = hint is null ? visits : int.Parse(hint.Split("--passes ")[1].TrimEnd('.'), System.Globalization.CultureInfo.InvariantCulture);

        Assert.True(passes * iterations >= 20);
        Assert.True(hint is null || (passes - 1) * iterations < 20);
    }
}

public sealed class DisturbanceTests
{
    [Fact]
    public void Kinds_are_counted_apart_and_unseen_samples_not_at_all()
    {
        Disturbances[] samples =
        [
            .. Enumerable.Repeat(Disturbances.None, 96), Disturbances.Preempted, Disturbances.Preempted | Disturbances.Gc, Disturbances.Gc,
            Disturbances.Throttled, Disturbances.Unknown,
        ];
        Disturbance all = Disturbance.Count(samples, Disturbances.Gc | Disturbances.Preempted | Disturbances.Throttled);

        Assert.Equal("4.0 % of 100 watched samples were disturbed (waiting for a CPU 2.0 %, throttled by a CPU quota 1.0 %, garbage collection 2.0 %).", all.Text());
        Assert.False(all.IsTooMuch);
        Assert.Equal(2, Disturbance.Count(samples, Disturbances.Gc).Disturbed);
        Assert.Null(Disturbance.Count(samples, Disturbances.None).Share);
    }
}
