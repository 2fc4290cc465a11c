namespace Observatory.Workload.Tests;

public sealed class WarmupRuleTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 3)]
    public void A_number_is_a_number(int least, int expected) =>
        Assert.Equal(expected, Iterations(new WarmupRule(least, stable: false), Enumerable.Repeat(100L, 10)));

    [Fact]
    public void Two_in_a_row_that_gain_nothing_end_it() =>
        Assert.Equal(6, Iterations(new WarmupRule(1, stable: true), [100, 80, 60, 40, 40, 41, 40]));

    [Fact]
    public void A_disturbance_in_between_is_no_gain_and_no_reason_to_go_on() =>
        Assert.Equal(4, Iterations(new WarmupRule(1, stable: true), [100, 90, 500, 400, 300]));

    [Fact]
    public void Gains_below_2_percent_are_noise() =>
        Assert.Equal(3, Iterations(new WarmupRule(1, stable: true), [1000, 990, 985, 980]));

    [Fact]
    public void What_gains_for_ever_ends_at_a_number() => Assert.Equal(
        WarmupRule.Most,
        Iterations(new WarmupRule(1, stable: true), Enumerable.Range(0, 100).Select(n => (long)(1e6 * Math.Pow(0.9, n)))));

    [Fact]
    public void And_long_iterations_end_at_a_time() =>
        Assert.Equal(1, Iterations(new WarmupRule(1, stable: true), [WarmupRule.LongestNs, 1, 1]));

    private static int Iterations(WarmupRule rule, IEnumerable<long> durations)
    {
        int count = 0;
        foreach (long duration in durations)
        {
            if (rule.IsDone) break;
            rule.Add(duration);
            count++;
        }

        return count;
    }
}
