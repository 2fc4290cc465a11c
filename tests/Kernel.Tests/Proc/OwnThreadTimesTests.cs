namespace Observatory.Kernel.Tests;

public sealed class OwnThreadTimesTests
{
    [Fact]
    public void A_thread_that_computed_shows_by_its_name_and_one_that_is_not_asked_for_does_not()
    {
        const string Name = "own-times-test";
        using var done = new ManualResetEventSlim();
        using var computed = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            long begun = ThreadCpuClock.NowNanoseconds();
            while (ThreadCpuClock.NowNanoseconds() - begun < 50_000_000) Thread.SpinWait(1000);
            computed.Set();
            done.Wait();
        })
        { Name = Name };
        thread.Start();
        Assert.True(computed.Wait(RealKernel.Limit));
        // schedstat lags behind by a tick at most, until the thread leaves its CPU.
        Assert.True(SpinWait.SpinUntil(() => OwnThreadTimes.Read([Name]).GetValueOrDefault(Name) >= 50_000_000, RealKernel.Limit));
        Assert.Equal([Name], OwnThreadTimes.Read([Name, "nobody"]).Keys);
        done.Set();
        thread.Join();
        // The runtime calls a thread ended a moment before the kernel does.
        Assert.True(SpinWait.SpinUntil(() => OwnThreadTimes.Read([Name]).Count == 0, RealKernel.Limit));
    }
}
