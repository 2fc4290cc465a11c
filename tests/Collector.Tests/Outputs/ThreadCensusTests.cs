namespace Observatory.Collector.Tests;

/// <summary>/proc lists threads, the runtime tells of managed ones; either may come first.</summary>
public sealed class ThreadCensusTests
{
    private readonly ThreadCensus _census = new();

    [Fact]
    public void A_thread_that_the_runtime_tells_of_is_managed_whoever_comes_first()
    {
        _census.Look([1]);
        _census.Told(2);
        _census.Look([1, 2, 3]);
        _census.Told(3);
        Assert.Equal((2, 0), (_census.Started.Managed, _census.Started.Native));
        Look(2, [1]);
        Assert.Equal((2, 0, 0), (_census.Ended.Managed, _census.Ended.Native, _census.Ended.Unknown));
    }

    [Fact]
    public void A_thread_that_the_runtime_never_tells_of_is_native()
    {
        _census.Look([1]);
        Look(ThreadCensus.Patience, [1, 2]);
        _census.Look([1]);
        Assert.Equal((0, 1), (_census.Started.Managed, _census.Started.Native));
        Assert.Equal((0, 1), (_census.Ended.Managed, _census.Ended.Native));
    }

    [Fact]
    public void A_native_thread_that_ended_before_that_was_certain_is_counted_when_it_is()
    {
        _census.Look([1]);
        _census.Look([1, 2]);
        Look(ThreadCensus.Patience, [1]);
        Assert.Equal((1, 1), (_census.Started.Native, _census.Ended.Native));
    }

    [Fact]
    public void A_managed_thread_that_was_never_listed_has_begun_and_ended()
    {
        _census.Look([1]);
        _census.Told(2);
        Look(2, [1]);
        Assert.Equal((1, 1), (_census.Started.Managed, _census.Ended.Managed));
    }

    [Fact]
    public void Threads_that_were_there_before_have_not_begun_and_end_as_unknown()
    {
        _census.Look([1, 2]);
        Look(3, [1]);
        Assert.Equal((0, 0), (_census.Started.Managed, _census.Started.Native));
        Assert.Equal(1, _census.Ended.Unknown);
    }

    private void Look(int times, int[] listed)
    {
        for (int i = 0; i < times; i++) _census.Look(listed);
    }
}
