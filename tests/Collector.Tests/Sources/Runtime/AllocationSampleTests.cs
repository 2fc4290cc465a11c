namespace Observatory.Collector.Tests;

public sealed class AllocationSampleTests
{
    /// <summary>Draws as the runtime does: the distance to the next sampled byte is exponential.</summary>
    [Theory]
    [InlineData(24)]
    [InlineData(1_000)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public void Samples_add_up_to_what_was_allocated(long size)
    {
        const int Objects = 2_000_000;
        var random = new Random(4711);
        double bytes = 0;
        double objects = 0;
        double next = Distance(random);
        for (int i = 0; i < Objects; i++)
        {
            next -= size;
            if (next > 0) continue;
            AllocationSample sample = AllocationSample.Sampled("T", "small", size);
            bytes += sample.Bytes;
            objects += sample.Objects;
            next = Distance(random);
        }

        Assert.InRange(bytes / ((double)size * Objects), 0.8, 1.2);
        Assert.InRange(objects / Objects, 0.8, 1.2);
    }

    [Fact]
    public void A_sample_of_nothing_stands_for_nothing() => Assert.Equal(0, AllocationSample.Sampled("T", "small", 0).Bytes);

    [Fact]
    public void A_tick_stands_for_all_since_the_last_one()
    {
        AllocationSample tick = AllocationSample.Tick("T", "small", size: 100, since: 102_400);
        Assert.Equal((102_400d, 1_024d), (tick.Bytes, tick.Objects));
    }

    private static double Distance(Random random) => -Math.Log(1 - random.NextDouble()) * AllocationSample.MeanDistance;
}
