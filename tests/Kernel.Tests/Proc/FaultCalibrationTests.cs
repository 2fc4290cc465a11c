namespace Observatory.Kernel.Tests;

public sealed class FaultCalibrationTests
{
    [Fact]
    public void A_minor_fault_has_a_cost_that_the_rounds_agree_on()
    {
        FaultCost cost = FaultCalibration.Measure()!;
        Assert.True(cost.FaultsPerRound >= 1024, $"{cost}");
        Assert.True(cost.Lowest > 0 && cost.Lowest <= cost.Seconds && cost.Seconds <= cost.Highest, $"{cost}");
        // From a tenth of what the fastest machine needs to what no machine does: a wrong unit is outside.
        Assert.InRange(cost.Seconds, 20e-9, 1e-3);
    }

    [Fact]
    public void Fresh_pages_are_a_fault_each_also_where_huge_pages_come_unasked()
    {
        using FreshPages pages = FreshPages.TryMap(2048)!;
        long before = Faults();
        pages.TouchAll();
        long first = Faults() - before;
        pages.TouchAll();
        Assert.InRange(first, 2048, 2048 + 500);
        Assert.InRange(Faults() - before - first, 0, 500);
    }

    private static long Faults()
    {
        Assert.True(ThreadStat.TryParse(File.ReadAllText("/proc/thread-self/stat"), out ThreadInfo thread));
        return thread.MinorFaults;
    }
}
