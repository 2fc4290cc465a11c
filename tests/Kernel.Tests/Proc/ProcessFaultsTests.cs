namespace Observatory.Kernel.Tests;

public sealed class ProcessFaultsTests
{
    [Fact]
    public void Touching_fresh_memory_is_counted_also_when_the_thread_has_ended_since()
    {
        const int bytes = 64 << 20;
        Assert.True(ProcessFaults.TryRead(Environment.ProcessId, out long before, out _));
        var thread = new Thread(() => GC.KeepAlive(Touch(bytes)));
        thread.Start();
        thread.Join();
        Assert.True(ProcessFaults.TryRead(Environment.ProcessId, out long after, out _));
        // At least one for each of the largest pages that a kernel maps at once, 2 MiB.
        Assert.InRange(after - before, bytes >> 21, long.MaxValue);
    }

    [Fact]
    public void A_process_that_is_gone_has_none() => Assert.False(ProcessFaults.TryRead(int.MaxValue, out _, out _));

    private static byte[] Touch(int bytes)
    {
        byte[] fresh = GC.AllocateUninitializedArray<byte>(bytes);
        for (int i = 0; i < bytes; i += 4096) fresh[i] = 1;
        return fresh;
    }
}
