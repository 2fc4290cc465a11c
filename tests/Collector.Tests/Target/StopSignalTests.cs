using System.Runtime.InteropServices;

namespace Observatory.Collector.Tests;

/// <summary>A signal comes on a thread of its own, at any time.</summary>
public sealed class StopSignalTests
{
    [Fact]
    public void The_first_signal_asks_and_the_second_is_left_to_end_the_process()
    {
        using var stop = new StopSignal();
        Assert.True(Send(stop));
        Assert.True(stop.Token.IsCancellationRequested);
        Assert.False(Send(stop));
    }

    [Fact]
    public void One_that_comes_while_the_last_is_disposed_is_no_error()
    {
        var stop = new StopSignal();
        stop.Dispose();
        Assert.True(Send(stop));
    }

    /// <returns>True when the process is not ended by it.</returns>
    private static bool Send(StopSignal stop)
    {
        var context = new PosixSignalContext(PosixSignal.SIGTERM);
        stop.Stop(context);
        return context.Cancel;
    }
}
