using Microsoft.Extensions.Logging.Abstractions;

namespace Observatory.Workload.Tests;

/// <summary>What a sweep says about how far it is.</summary>
public sealed class ProgressTests
{
    private static readonly int[] Both = [0, 1];

    /// <summary>The second configuration has twice the operations of the first; three passes.</summary>
    [Fact]
    public void What_is_left_follows_from_what_visits_took()
    {
        var remaining = new RemainingTime(Plan());
        remaining.BeginPass(Both);
        Assert.Null(remaining.Estimate(Seconds(0), limit: null));

        remaining.Visited(0, Seconds(2));
        Assert.Equal(Seconds(4 + (2 * (2 + 4))), remaining.Estimate(Seconds(2), limit: null));

        remaining.Visited(1, Seconds(5));
        Assert.Equal(Seconds(2 * (2 + 3)), remaining.Estimate(Seconds(5), limit: null));
    }

    [Fact]
    public void A_limit_is_the_most_that_is_left()
    {
        var remaining = new RemainingTime(Plan());
        remaining.BeginPass(Both);
        Assert.Equal(Seconds(60), remaining.Estimate(Seconds(0), Seconds(60)));
        remaining.Visited(0, Seconds(2));

        Assert.Equal(Seconds(6), remaining.Estimate(Seconds(2), Seconds(8)));
        Assert.Equal(TimeSpan.Zero, remaining.Estimate(Seconds(9), Seconds(8)));
    }

    [Fact]
    public void A_terminal_gets_a_bar_that_is_cleared_away_at_the_end()
    {
        using var terminal = new StringWriter();
        var progress = new SweepProgress(Plan(), terminal, duration: null, NullLogger.Instance);

        progress.BeginPass(Both);
        progress.Visiting(0);
        progress.End();

        Assert.Equal("\r\e[K[........................] pass 1 of 3, linear [1, 16, 8]\r\e[K", terminal.ToString());
    }

    private static SweepPlan Plan()
    {
        SweepOptions options = SweepOptionsReader.Read(new SettingLayers(SettingLayer.CommandLine(new Dictionary<string, string?>
        {
            ["--batches"] = "1,2", ["--sequences"] = "16", ["--dims"] = "8", ["--passes"] = "3",
        })));
        return SweepPlan.Create(options, new SelectedPoints(StudyPoints.List(options, [1]), []), [1]);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
