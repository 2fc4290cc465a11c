using System.Diagnostics;
using System.IO.MemoryMappedFiles;

namespace Observatory.Kernel.Tests;

[Collection(RealKernel.Name)]
public sealed class PageFaultTests
{
    private const int Pages = 10_000;

    public PageFaultTests() => OwnThreads.NeedThreadTier();

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public void The_counts_of_a_thread_sum_up_to_its_own_to_within_a_period(int period)
    {
        RecordLog log = new();
        ThreadRecordingOptions options =
            new() { Switches = false, MinorFaultPeriod = period, RingBytesPerThread = 1024 * 1024 };
        using Faulter faulter = new();
        using ThreadRecording recording = OwnThreads.Record(options);
        long before = faulter.Faults();
        faulter.Touch(Pages);
        long truth = faulter.Faults() - before;
        recording.Drain(log);

        long counted = log.Faults.Where(r => r.ThreadId == faulter.ThreadId).Sum(r => r.Count);
        Assert.Empty(log.Losses);
        Assert.All(log.Faults, r => Assert.False(r.IsMajor));
        Assert.Empty(log.Switches);
        // Without a capability, faults within system calls are left out: the thread's waiting has one now and then.
        Assert.InRange(counted, truth - period - 20, truth);
        Assert.True(truth >= Pages);
        Assert.Equal(0, recording.MalformedTotal);
    }

    [Fact]
    public void Beside_switches_they_share_the_ring()
    {
        RecordLog log = new();
        using Faulter faulter = new();
        using ThreadRecording recording = OwnThreads.Record(new() { MinorFaultPeriod = 64, MajorFaults = true });
        faulter.Touch(Pages);
        recording.Drain(log);
        PageFaultsRecord[] own = [.. log.Faults.Where(r => r.ThreadId == faulter.ThreadId && !r.IsMajor)];
        Assert.InRange(own.Length, (Pages / 64) - 1, Pages / 32);
        Assert.Contains(log.Switches, r => r.ThreadId == faulter.ThreadId);
        Assert.Equal(0, recording.MalformedTotal);
    }

    /// <summary>A program that touches much memory and does nothing else writes nothing into the rings of CPUs.</summary>
    [Fact]
    public void A_ring_of_faults_that_fills_ends_the_wait_for_those_of_cpus()
    {
        RealKernel.NeedsKernelTier();
        using Faulter faulter = new();
        using SchedulerRecording cpus = SchedulerRecording.Open(new() { RingBytesPerCpu = 16 * 1024 * 1024 });
        using ThreadRecording faults = OwnThreads.Record(new() { Switches = false, MinorFaultPeriod = 1 });
        cpus.Enable();
        faulter.Touch(Pages);
        Assert.True(RecordingWait.ForAny([cpus, faults], RealKernel.Limit));
    }

    /// <summary>What it left can wait; where threads come and go, each end would be a look at every ring.</summary>
    [Fact]
    public void A_thread_that_ends_does_not_end_the_wait_for_rings_of_cpus_and_is_no_longer_recorded()
    {
        RealKernel.NeedsKernelTier();
        Faulter faulter = new();
        using SchedulerRecording cpus = SchedulerRecording.Open(new() { RingBytesPerCpu = 16 * 1024 * 1024 });
        using ThreadRecording faults = OwnThreads.Record(new() { Switches = false, MinorFaultPeriod = 64 });
        Assert.Contains(faults.Threads, thread => thread.ThreadId == faulter.ThreadId);
        faulter.Dispose();
        Assert.False(RecordingWait.ForAny([cpus, faults], TimeSpan.FromMilliseconds(200)));
        Assert.DoesNotContain(faults.Threads, thread => thread.ThreadId == faulter.ThreadId);
    }

    /// <summary>A thread that has page faults when it is told to.</summary>
    private sealed class Faulter : IDisposable
    {
        private readonly AutoResetEvent _go = new(false);
        private readonly AutoResetEvent _done = new(false);
        private readonly Thread _thread;
        private int _pages;

        public Faulter()
        {
            _thread = new Thread(Run);
            _thread.Start();
            _done.WaitOne();
            // The code has run once and is in memory.
            Touch(10);
        }

        public int ThreadId { get; private set; }

        public long Faults() => Assert.Single(
            ThreadDirectory.Read(Environment.ProcessId), thread => thread.ThreadId == ThreadId).MinorFaults;

        public void Touch(int pages)
        {
            _pages = pages;
            _go.Set();
            _done.WaitOne();
        }

        public void Dispose()
        {
            Touch(0);
            _thread.Join();
            _go.Dispose();
            _done.Dispose();
        }

        private void Run()
        {
            ThreadId = CallingThread.Id;
            _done.Set();
            while (true)
            {
                _go.WaitOne();
                if (_pages == 0) break;
                using (FreshMemory memory = new(_pages)) memory.TouchAll();
                _done.Set();
            }

            _done.Set();
        }
    }
}

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
        PageFaultsRecord[] own = [.. log.Faults.Where(r => r.ThreadId == CallingThread.Id && r.IsMajor)];
        Assert.Equal(truth, own.Sum(r => r.Count));
        Assert.All(own, r => Assert.Equal(1, r.Count));
        Assert.Equal(0, recording.MalformedTotal);
    }

    private static long OwnFaults() => Assert.Single(
        ThreadDirectory.Read(Environment.ProcessId),
        thread => thread.ThreadId == CallingThread.Id).MajorFaults;

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
