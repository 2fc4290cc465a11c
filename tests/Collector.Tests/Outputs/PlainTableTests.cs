using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class PlainTableTests
{
    [Fact]
    public void Shows_who_saw_what_and_where_the_time_went()
    {
        var summary = new AccountSummary(Samples.Kernel(Tiers.Kernel));
        summary.IterationClosed(Samples.Configuration(0), Samples.Account(1, 0, wall: 4_000_000));
        var kernel = new SourceStatus("kernel");
        kernel.Stopped("CPU-wide events refused.");
        var runtime = new SourceStatus("runtime");
        runtime.Started(Tiers.EventPipe, "");
        runtime.CountLost(1234);

        Assert.Equal(
            """
            runtime: eventpipe   kernel: DOWN   lost 1,234
            kernel: CPU-wide events refused.
            1 iteration of 1 configuration, 0 incomplete; shares are of wall time
            batch  seq  dim  iters  p50 ms  p95 ms  GFLOP/s  input MB  par.eff  gc  running  preempted  waking  blocked  unknown
                8  512  128      1    4.00    4.00     33.6       2.1      n/a   ·    75.0%      25.0%       ·        ·        ·

            """,
            Write(summary.Rows(), [runtime, kernel]));
    }

    [Fact]
    public void Units_that_took_no_time_have_no_shares_of_it()
    {
        var summary = new AccountSummary(Samples.Kernel(Tiers.Kernel));
        summary.IterationClosed(Samples.Configuration(0), Samples.Account(1, 0, wall: 0));
        string table = Write(summary.Rows(), []);
        Assert.DoesNotContain("NaN", table, StringComparison.Ordinal);
        Assert.Contains("    0.0       2.1      n/a   ·        ·", table, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trace_of_a_state_is_not_rounded_to_nothing()
    {
        var times = default(StateTimes);
        times[AccountState.Running] = new Duration(999_999);
        times[AccountState.Gc] = new Duration(1);
        var summary = new AccountSummary(Samples.Kernel(Tiers.Kernel));
        summary.IterationClosed(
            Samples.Configuration(0),
            new UnitAccount(7, 1, 0, new Timestamp(0), new Timestamp(1_000_000), times, IncompleteReasons.None));
        Assert.Contains("<0.1%", Write(summary.Rows(), []), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_tier_cannot_tell_is_not_shown_as_nothing()
    {
        var summary = new AccountSummary(Samples.Kernel(Tiers.Thread));
        summary.IterationClosed(Samples.Configuration(0), Samples.Account(1, 0));
        string row = Write(summary.Rows(), []).Split('\n')[^2];
        Assert.EndsWith("·    75.0%      25.0%     n/a        ·        ·", row, StringComparison.Ordinal);
    }

    [Fact]
    public void Rings_that_the_kernel_refused_are_a_line()
    {
        var kernel = new SourceStatus("kernel");
        kernel.Started(Tiers.Kernel, "");
        Assert.Empty(Header.Troubles([kernel]));
        kernel.Unrecorded = 3;
        Assert.StartsWith("kernel: 3 CPUs unrecorded", Assert.Single(Header.Troubles([kernel])), StringComparison.Ordinal);
    }

    [Fact]
    public void Accounts_in_doubt_are_a_line()
    {
        Assert.Null(Header.Doubted(new TimelineCounts()));
        Assert.StartsWith("accounts in doubt: 1,234 were reported as complete", Header.Doubted(new TimelineCounts { UnitsDoubted = 1234 }), StringComparison.Ordinal);
    }

    private static string Write(IReadOnlyList<SummaryRow> rows, IReadOnlyList<SourceStatus> sources)
    {
        var text = new StringWriter { NewLine = "\n" };
        PlainTable.Write(text, rows, sources);
        return text.ToString();
    }
}
