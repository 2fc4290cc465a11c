using System.Diagnostics;
using System.IO.MemoryMappedFiles;

namespace Observatory.Kernel.Tests;

[Collection(RealKernel.Name)]
public sealed class MajorFaultTests : IDisposable
{
    private const int Bytes = 16 * 1024 * 1024;

    private readonly string _path = Path.Combine(AppContext.BaseDirectory, $"faults-{Guid.NewGuid():N}");

    [Fact]
    public void All_of_everybody_are_recorded_on_request()
    {
        RealKernel.NeedsKernelTier();
        Compare(SchedulerRecording.Open(new() { RingBytesPerCpu = 16 * 1024 * 1024, MajorFaults = true }));
    }

    [Fact]
    public void All_of_a_thread_are_recorded_on_request()
    {
        OwnThreads.NeedThreadTier();
        Compare(ThreadRecording.Open(Environment.ProcessId, new() { Switches = false, MajorFaults = true }));
    }

    public void Dispose() => File.Delete(_path);

    private void Compare(ISchedulerRecording recording)
    {
        using ISchedulerRecording owned = recording;
        RecordLog log = new();
        Forget(_path);
        recording.Enable();
        long before = OwnFaults();
        ReadAll(_path);
        long truth = OwnFaults() - before;
        recording.Drain(log);
        if (truth == 0) Assert.Skip("needs a file system on a device");
        PageFaultsRecord[] own = [.. log.Faults.Where(r => r.ThreadId == WaitingThread.CurrentId && r.IsMajor)];
        Assert.Equal(truth, own.Sum(r => r.Count));
        Assert.All(own, r => Assert.Equal(1, r.Count));
        Assert.Equal(0, recording.MalformedTotal);
    }

    private static long OwnFaults() => Assert.Single(
        ThreadDirectory.Read(Environment.ProcessId),
        thread => thread.ThreadId == WaitingThread.CurrentId).MajorFaults;

    /// <summary>Writes a file and has the kernel drop it from memory; posix_fadvise(2).</summary>
    private static void Forget(string path)
    {
        File.WriteAllBytes(path, new byte[Bytes]);
        using Process dd = Process.Start(
            "dd", ["of=" + path, "oflag=nocache", "conv=notrunc,fdatasync", "count=0", "status=none"]);
        dd.WaitForExit();
    }

    private static void ReadAll(string path)
    {
        using MemoryMappedFile file = MemoryMappedFile.CreateFromFile(path, FileMode.Open);
        using MemoryMappedViewAccessor view = file.CreateViewAccessor();
        for (long at = 0; at < Bytes; at += Environment.SystemPageSize) _ = view.ReadByte(at);
    }
}
