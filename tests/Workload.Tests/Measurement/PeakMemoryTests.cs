using Observatory.Tests.Shared;
using System.Runtime.InteropServices;

namespace Observatory.Workload.Tests;

[Collection(WholeProcess.Name)]
public sealed class PeakMemoryTests
{
    [Fact]
    public void What_was_used_and_freed_in_between_shows()
    {
        const int bytes = 64 << 20;
        var memory = new PeakMemory();
        // What earlier tests left behind is given back now, not in between.
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        memory.Begin();

        Touch(bytes);

        MemoryUse? use = memory.Read();
        Assert.SkipWhen(use is null, "The kernel does not let the peak be reset here.");
        // Counters of resident memory are added up lazily.
        Assert.InRange(use.Value.Added, bytes - (4 << 20), long.MaxValue);
    }

    [Fact]
    public void Where_the_peak_cannot_be_reset_nothing_is_said()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("status", "VmHWM:   2048 kB\nVmRSS:   1024 kB\n");
        Directory.CreateDirectory(Path.Combine(folder.Path, "clear_refs"));
        var memory = new PeakMemory(folder.Path);

        memory.Begin();

        Assert.Null(memory.Read());
    }

    [Fact]
    public void The_peak_is_read_from_the_status()
    {
        using TemporaryFolder folder = new TemporaryFolder()
            .With("status", "VmHWM:   2048 kB\nVmRSS:   1024 kB\n").With("clear_refs", "");
        var memory = new PeakMemory(folder.Path);

        memory.Begin();

        Assert.Equal(new MemoryUse(1 << 20, 2 << 20), memory.Read());
        Assert.Equal("5", File.ReadAllText(Path.Combine(folder.Path, "clear_refs")));
    }

    [Fact]
    public void Of_several_visits_the_one_in_the_middle_counts()
    {
        MemoryUse[] uses = [new(100, 900), new(200, 250), new(300, 360), new(400, 480)];

        Assert.Equal(uses[2], MemoryUse.Median(uses));
        Assert.Null(MemoryUse.Median([]));
    }

    /// <summary>Memory of the C library, as tensors have it: no collection gives anything back meanwhile.</summary>
    private static void Touch(int bytes)
    {
        IntPtr memory = Marshal.AllocHGlobal(bytes);
        for (int at = 0; at < bytes; at += Environment.SystemPageSize) Marshal.WriteByte(memory, at, 1);
        Marshal.FreeHGlobal(memory);
    }
}

/// <summary>Alone in the process while they run: what other tests free meanwhile would be missing from the peak.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeProcess
{
    public const string Name = "whole process";
}
