using System.Diagnostics;

namespace Observatory.Kernel.Tests;

public sealed class ProcessTests
{
    private const int SignalledByTerminate = 128 + 15;

    [Fact]
    public async Task A_process_ends_when_asked_to_and_cannot_be_asked_again()
    {
        using Process child = Process.Start("sleep", "600");
        Assert.True(ProcessSignal.TryTerminate(child.Id));
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(SignalledByTerminate, child.ExitCode);
        Assert.False(ProcessSignal.TryTerminate(child.Id));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Groups_of_processes_are_never_asked(int processId) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ProcessSignal.TryTerminate(processId));

    [Fact]
    public void The_monotonic_clock_is_the_stopwatch()
    {
        Assert.Equal(1_000_000_000, Stopwatch.Frequency);
        long before = Stopwatch.GetTimestamp();
        long now = MonotonicClock.NowNanoseconds();
        Assert.InRange(now, before, Stopwatch.GetTimestamp());
    }

    [Fact]
    public void A_priority_out_of_range_is_refused_with_a_reason()
    {
        Assert.False(RealTimePriority.TrySetForCallingThread(1_000, out string reason));
        Assert.NotEmpty(reason);
    }
}
