using System.IO.MemoryMappedFiles;

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

/// <summary>Pages that have not been touched: the first write to each is one minor fault.</summary>
internal sealed class FreshMemory : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    // Shared memory is not given out in huge pages by default, and faults around in reads only.
    public FreshMemory(int pages)
    {
        _file = MemoryMappedFile.CreateNew(null, (long)pages * Environment.SystemPageSize);
        _view = _file.CreateViewAccessor();
    }

    public void TouchAll()
    {
        for (long at = 0; at < _view.Capacity; at += Environment.SystemPageSize) _view.Write(at, (byte)1);
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
