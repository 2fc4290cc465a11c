namespace Observatory.Kernel.Tests;

public sealed class ThreadCpuClockTests
{
    [Fact]
    public void The_threads_clock_advances_with_what_it_computes_and_never_faster_than_time()
    {
        long monotonic = MonotonicClock.NowNanoseconds();
        long begun = ThreadCpuClock.NowNanoseconds();
        while (ThreadCpuClock.NowNanoseconds() - begun < 10_000_000) Thread.SpinWait(100);
        long ran = ThreadCpuClock.NowNanoseconds() - begun;
        Assert.InRange(ran, 10_000_000, MonotonicClock.NowNanoseconds() - monotonic);
    }

    [Fact]
    public void Another_threads_computation_is_not_on_it()
    {
        long other = 0;
        long begun = ThreadCpuClock.NowNanoseconds();
        var thread = new Thread(() =>
        {
            while (ThreadCpuClock.NowNanoseconds() < 50_000_000) Thread.SpinWait(100);
            other = ThreadCpuClock.NowNanoseconds();
        });
        thread.Start();
        thread.Join();
        Assert.InRange(ThreadCpuClock.NowNanoseconds() - begun, 0, other - 1);
    }
}
