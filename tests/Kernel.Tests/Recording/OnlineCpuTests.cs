namespace Observatory.Kernel.Tests;

/// <summary>CPUs that come online, go, or get no ring.</summary>
[Collection(RealKernel.Name)]
public sealed class OnlineCpuTests
{
    private static readonly SchedulerRecordingOptions Roomy = new() { RingBytesPerCpu = 16 * 1024 * 1024 };

    public OnlineCpuTests() => RealKernel.NeedsKernelTier();

    [Fact]
    public void A_cpu_that_comes_online_is_recorded_from_the_next_refresh_and_one_that_goes_is_not_waited_for()
    {
        int[] all = OnlineCpus.Read();
        if (all.Length < 2) Assert.Skip("needs two CPUs");
        int[] online = all[..1];
        RecordLog log = new();
        using SchedulerRecording recording = SchedulerRecording.Open(Roomy with { ReadOnlineCpus = () => online });
        recording.Enable();
        Assert.False(recording.Refresh());
        Assert.Equal(all[..1], recording.Cpus);

        online = all;
        Assert.True(recording.Refresh());
        Assert.False(recording.Refresh());
        Assert.Equal(all, recording.Cpus);
        int added = all[^1];
        log.DrainUntil(recording, () => log.Switches.Any(r => r.Cpu == added));

        int opened = RealKernel.OpenPerfEvents();
        online = all[..1];
        Assert.False(recording.Refresh());
        recording.Drain(log);
        Assert.Equal(all[..1], recording.Cpus);
        Assert.True(RealKernel.OpenPerfEvents() < opened);
        log.Switches.Clear();
        log.DrainUntil(recording, () => log.Switches.Count > 100);
        Assert.All(log.Switches, r => Assert.Equal(all[0], r.Cpu));
    }

    /// <summary>The next record of a ring tells what found no room before it, and there is no next one.</summary>
    [Fact]
    public void What_a_cpu_lost_before_it_went_offline_is_told_with_the_last_of_its_records()
    {
        int[] online = OnlineCpus.Read();
        RecordLog log = new();
        using SchedulerRecording recording = SchedulerRecording.Open(
            new() { RingBytesPerCpu = Environment.SystemPageSize, ReadOnlineCpus = () => online });
        if (recording.ReadKernelLostTotal() < 0) Assert.Skip("needs PERF_FORMAT_LOST, Linux 6.0");
        recording.Enable();
        using (PingPong load = new())
        {
            Assert.True(SpinWait.SpinUntil(() => recording.ReadKernelLostTotal() > 1000, RealKernel.Limit));
            recording.Disable();
        }

        long counted = recording.ReadKernelLostTotal();
        online = [];
        Assert.False(recording.Refresh());
        recording.Drain(log);
        Assert.Equal((counted, counted), (recording.LostTotal, log.Losses.Sum(loss => loss.Count)));
    }

    [Fact]
    public void A_cpu_and_a_thread_take_as_many_descriptors_as_is_said()
    {
        if (InterruptTracepoints.TryFind(tracefsRoot: null) is null) Assert.Skip("needs the tracepoints of interrupts");
        SchedulerRecordingOptions ofCpus = Roomy with { MajorFaults = true };
        ThreadRecordingOptions ofThreads = new() { Switches = false, MinorFaultPeriod = 64 };
        int before = RealKernel.OpenPerfEvents();
        using SchedulerRecording cpus = SchedulerRecording.Open(ofCpus);
        int withCpus = RealKernel.OpenPerfEvents();
        Assert.Equal(ofCpus.MostDescriptorsPerCpu * cpus.Cpus.Count, withCpus - before);
        using ThreadRecording threads = ThreadRecording.Open(Environment.ProcessId, ofThreads);
        // Closes the rings of those that have ended meanwhile.
        threads.Drain(new RecordLog());
        Assert.Equal(ofThreads.DescriptorsPerThread * threads.Threads.Count, RealKernel.OpenPerfEvents() - withCpus);
        Assert.Equal(3, (ofThreads with { Switches = true, MajorFaults = true }).DescriptorsPerThread);
    }

    [Fact]
    public void A_cpu_whose_ring_is_refused_is_counted_and_a_loss_until_it_is_granted()
    {
        int[] all = OnlineCpus.Read();
        if (all.Length < 2) Assert.Skip("needs two CPUs");
        int[] online = all[..1];
        bool isRefused = true;
        using SchedulerRecording recording = SchedulerRecording.Open(
            Roomy with { ReadOnlineCpus = () => online, RefusesCpu = cpu => isRefused && cpu != all[0] });
        recording.Enable();
        Assert.False(recording.Refresh());
        Assert.Equal(0, recording.Unrecorded);

        online = all;
        for (int i = 0; i < 3; i++)
        {
            Assert.True(recording.Refresh());
            Assert.Equal(all.Length - 1, recording.Unrecorded);
            Assert.Equal(all[..1], recording.Cpus);
        }

        isRefused = false;
        Assert.True(recording.Refresh());
        Assert.Equal((0, all.Length), (recording.Unrecorded, recording.Cpus.Count));
        Assert.False(recording.Refresh());

        isRefused = true;
        (online, int[] both) = (all[..1], online);
        Assert.False(recording.Refresh());
        online = both;
        Assert.True(recording.Refresh());
        online = all[..1];
        Assert.False(recording.Refresh());
        Assert.Equal(0, recording.Unrecorded);
        RecordLog log = new();
        log.DrainUntil(recording, () => log.Switches.Count > 100);
    }
}
