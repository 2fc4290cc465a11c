namespace Observatory.Kernel.Tests;

public sealed class MachineTimeTests
{
    [Fact]
    public void Stolen_ticks_are_nanoseconds()
    {
        const string Stat = """
            cpu  100 0 50 900 1 2 3 45 0 0
            cpu0 60 0 25 450 1 1 2 40 0 0
            cpu3 40 0 25 450 0 1 1 5 0 0
            intr 5 4
            cpufreq 1 2 3 4 5 6 7 8 9
            """;
        Assert.True(StolenTime.TryParse(Stat, out StolenTimes times));
        Assert.Equal(450_000_000, times.Total);
        Assert.Equal(new Dictionary<int, long> { [0] = 400_000_000, [3] = 50_000_000 }, times.ByCpu);
    }

    [Theory]
    [InlineData("")]
    [InlineData("intr 5 4\n")]
    [InlineData("cpu  100 0 50 900 1 2 3\n")]
    [InlineData("cpu0 100 0 50 900 1 2 3 4\n")]
    public void Without_the_total_nothing_is_said(string text) => Assert.False(StolenTime.TryParse(text, out _));

    [Fact]
    public void This_machine_says_what_was_stolen()
    {
        Assert.True(StolenTime.TryRead(out StolenTimes times));
        Assert.Equal(OnlineCpus.Read(), times.ByCpu.Keys.Order());
        Assert.InRange(times.ByCpu.Values.Sum(), times.Total - 1_000_000_000, times.Total + 1_000_000_000);
    }

    [Fact]
    public void Pressure_is_two_totals()
    {
        const string Both = """
            some avg10=1.50 avg60=0.70 avg300=0.20 total=123456
            full avg10=0.00 avg60=0.10 avg300=0.05 total=789
            """;
        Assert.True(PressureStall.TryParse(Both, out PressureTotals totals));
        Assert.Equal(new PressureTotals(123_456, 789), totals);
        Assert.True(PressureStall.TryParse(Both.Split('\n')[0], out totals));
        Assert.Equal(new PressureTotals(123_456, -1), totals);
    }

    [Theory]
    [InlineData("")]
    [InlineData("some avg10=0.00\n")]
    [InlineData("full avg10=0.00 avg60=0.00 avg300=0.00 total=7\n")]
    public void Other_text_is_no_pressure(string text) => Assert.False(PressureStall.TryParse(text, out _));

    [Fact]
    public void This_machine_says_its_pressure_where_it_counts_it()
    {
        if (!Directory.Exists("/proc/pressure")) Assert.Skip("needs Linux 4.20 with psi=1");
        Assert.All(PressureStall.Resources, resource =>
        {
            Assert.True(PressureStall.TryRead(resource, out PressureTotals totals));
            Assert.InRange(totals.SomeMicroseconds, Math.Max(0, totals.FullMicroseconds), long.MaxValue);
        });
        Assert.False(PressureStall.TryRead("patience", out _));
    }
}
