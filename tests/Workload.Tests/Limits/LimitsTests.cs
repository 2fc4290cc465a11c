namespace Observatory.Workload.Tests;

public sealed class LimitsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_thread_takes_part_in_every_round(int threads)
    {
        int[] prepared = new int[threads];
        int[] worked = new int[threads];

        TimeSpan fastest = ParallelRounds.Fastest(
            threads, TimeSpan.FromMinutes(1), most: 7, thread => prepared[thread]++, thread => worked[thread]++);

        Assert.All(prepared, count => Assert.Equal(1, count));
        Assert.All(worked, count => Assert.Equal(7, count));
        Assert.True(fastest < TimeSpan.MaxValue);
    }

    [Fact]
    public void Time_ends_the_rounds_but_there_is_one_at_least()
    {
        int rounds = 0;

        ParallelRounds.Fastest(1, TimeSpan.FromTicks(1), most: 1_000_000, _ => { }, _ => rounds++);

        Assert.InRange(rounds, 1, 999_999);
    }

    [Fact]
    public void No_memory_no_bandwidth() => Assert.Null(TriadBandwidth.Measure(1, cache: null, available: 1 << 20));

    [Fact]
    public void The_peaks_of_this_machine_can_be_measured()
    {
        Assert.SkipUnless(System.Runtime.Intrinsics.X86.Fma.IsSupported, "This CPU has no fused multiply-add.");
        Assert.True(FmaPeak.Measure(2) > 1e8);
        Assert.True(TriadBandwidth.Measure(2, cache: null, available: long.MaxValue) > 1e6);
    }
}
