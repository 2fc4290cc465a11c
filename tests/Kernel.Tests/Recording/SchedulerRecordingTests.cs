using System.Globalization;

namespace Observatory.Kernel.Tests;

[Collection(RealKernel.Name)]
public sealed class SchedulerRecordingTests
{
    private static readonly SchedulerRecordingOptions Roomy = new() { RingBytesPerCpu = 16 * 1024 * 1024 };

    public SchedulerRecordingTests() => RealKernel.NeedsKernelTier();

    [Fact]
    public void Every_wait_of_a_thread_is_a_switch_out_and_a_switch_in()
    {
        const int Waits = 200;
        RecordLog log = new();
        using SchedulerRecording recording = SchedulerRecording.Open(Roomy);
        recording.Enable();
        using WaitingThread waiting = new(Waits);
        log.DrainUntil(recording, () => waiting.Finished.IsSet);
        recording.Drain(log);

        SwitchRecord[] own = [.. log.Switches.Where(r => r.ThreadId == waiting.ThreadId).OrderBy(r => r.Time)];
        if (log.Losses.Count > 0) Assert.Skip("needs a machine quiet enough to lose nothing in 16 MiB");
        Assert.True(own.Count(r => r.IsSwitchOut && !r.IsPreempted) >= Waits);
        Assert.True(own.Count(r => !r.IsSwitchOut) >= Waits);
        Assert.All(own.Zip(own.Skip(1)), pair => Assert.NotEqual(pair.First.IsSwitchOut, pair.Second.IsSwitchOut));
        Assert.All(own, r => Assert.Equal(Environment.ProcessId, r.ProcessId));
    }

    [Fact]
    public void On_each_cpu_whoever_leaves_is_whoever_came_and_time_does_not_run_back()
    {
        RecordLog log = new();
        using SchedulerRecording recording = SchedulerRecording.Open(Roomy);
        recording.Enable();
        using (PingPong load = new())
        {
            log.DrainUntil(recording, () => log.Switches.Count > 20_000);
        }

        foreach (List<SwitchRecord?> chain in log.Chains.Values)
        {
            foreach ((SwitchRecord? before, SwitchRecord? after) in chain.Zip(chain.Skip(1)))
            {
                if (before is null || after is null) continue;
                Assert.NotEqual(before.Value.IsSwitchOut, after.Value.IsSwitchOut);
                if (after.Value.IsSwitchOut && after.Value.ThreadId != -1)
                    Assert.Equal(before.Value.ThreadId, after.Value.ThreadId);
            }
        }

        Assert.All(log.Times.Values, times => Assert.Equal(times.Order(), times));
        Assert.All(log.Chains.Keys, cpu => Assert.Contains(cpu, recording.Cpus));
        Assert.Equal(0, recording.MalformedTotal);
    }

    [Fact]
    public void A_waking_names_the_waker_and_the_woken_and_lies_before_the_switch_in()
    {
        RecordLog log = new();
        using SchedulerRecording recording = SchedulerRecording.Open(Roomy);
        recording.Enable();
        using PingPong threads = new();
        log.DrainUntil(recording, () => Wakings(log, threads.FirstId, threads.SecondId).Count() >= 50);

        SwitchRecord[] ins = [.. log.Switches.Where(r => r.ThreadId == threads.SecondId && !r.IsSwitchOut)];
        SwitchRecord[] outs = [.. log.Switches.Where(r => r.ThreadId == threads.SecondId && r.IsSwitchOut)];
        WakingRecord[] wakings = [.. Wakings(log, threads.FirstId, threads.SecondId)];
        Assert.All(wakings, waking => Assert.Equal(Environment.ProcessId, waking.WakerProcessId));
        Assert.Contains(wakings, waking => outs.Any(r => r.Time < waking.Time) && ins.Any(r => r.Time > waking.Time));
    }

    /// <summary>In a pid namespace an id is known by a record of the thread's own, which may stand in the ring that is read last.</summary>
    [Fact]
    public void Wake_ups_across_cpus_have_both_threads_ids_from_the_first_drain_on()
    {
        int[] cpus = OnlineCpus.Read();
        if (cpus.Length < 2) Assert.Skip("needs two CPUs");
        RecordLog log = new();
        using SchedulerRecording recording = SchedulerRecording.Open(Roomy with { IsInitialNamespace = () => false });
        using PingPong threads = new(cpus[^1], cpus[0]);
        // From here on each keeps to its CPU: what began it may have run elsewhere.
        Assert.True(SpinWait.SpinUntil(() => threads.Rounds > 1, RealKernel.Limit));
        recording.Enable();
        int before = threads.Rounds;
        Assert.True(SpinWait.SpinUntil(() => threads.Rounds > before + 52, RealKernel.Limit));
        recording.Drain(log);

        if (log.Losses.Count > 0) Assert.Skip("needs a machine quiet enough to lose nothing in 16 MiB");
        WakingRecord[] bySecond = [.. log.Wakings.Where(r => r.WakerThreadId == threads.SecondId && !r.IsInterrupt)];
        Assert.True(bySecond.Count(r => r.WokenThreadId == threads.FirstId) >= 50);
        Assert.True(Wakings(log, threads.FirstId, threads.SecondId).Count() >= 50);
    }

    [Fact]
    public void A_timer_wakes_as_an_interrupt_and_a_thread_as_itself()
    {
        RecordLog log = new();
        using SchedulerRecording recording = SchedulerRecording.Open(Roomy);
        recording.Enable();
        using PingPong threads = new();
        int sleeper = 0;
        using var isOver = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            Volatile.Write(ref sleeper, int.Parse(Path.GetFileName(new FileInfo("/proc/thread-self").LinkTarget!), CultureInfo.InvariantCulture));
            while (!isOver.Wait(millisecondsTimeout: 1)) { }
        });
        thread.Start();
        try
        {
            log.DrainUntil(recording, () => log.Wakings.Count(r => r.WokenThreadId == Volatile.Read(ref sleeper) && r.IsInterrupt) >= 20
                && Wakings(log, threads.FirstId, threads.SecondId).Count(r => !r.IsInterrupt) >= 20);
        }
        finally
        {
            isOver.Set();
            thread.Join();
        }
    }

    [Fact]
    public void A_thread_that_waits_for_a_packet_is_woken_by_the_network_and_one_that_waits_for_a_time_by_a_timer()
    {
        RecordLog log = new();
        using SchedulerRecording recording = SchedulerRecording.Open(Roomy);
        recording.Enable();
        using var receiver = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        using var sender = new System.Net.Sockets.UdpClient();
        sender.Connect((System.Net.IPEndPoint)receiver.Client.LocalEndPoint!);
        (int waits, int sends) = (0, 0);
        using var isOver = new ManualResetEventSlim();
        var waiting = new Thread(() =>
        {
            Volatile.Write(ref waits, OwnId());
            System.Net.IPEndPoint? from = null;
            while (receiver.Receive(ref from).Length == 1) { }
        });
        var sending = new Thread(() =>
        {
            Volatile.Write(ref sends, OwnId());
            while (!isOver.Wait(millisecondsTimeout: 1)) sender.Send([0]);
        });
        waiting.Start();
        sending.Start();
        try
        {
            log.DrainUntil(recording, () => WokenBy(Volatile.Read(ref waits), InterruptKind.Network) >= 20 && WokenBy(Volatile.Read(ref sends), InterruptKind.Timer) >= 20);
        }
        finally
        {
            isOver.Set();
            sending.Join();
            sender.Send([0, 0]);
            waiting.Join();
        }

        int WokenBy(int thread, InterruptKind kind) => log.Wakings.Count(r => r.WokenThreadId == thread && r.Interrupt == kind);
        static int OwnId() => int.Parse(Path.GetFileName(new FileInfo("/proc/thread-self").LinkTarget!), CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Times_are_those_of_the_monotonic_clock()
    {
        RecordLog log = new();
        using SchedulerRecording recording = SchedulerRecording.Open(new SchedulerRecordingOptions());
        long before = MonotonicClock.NowNanoseconds();
        recording.Enable();
        log.DrainUntil(recording, () => log.Switches.Count > 100);
        long after = MonotonicClock.NowNanoseconds();
        Assert.All(log.Switches, r => Assert.InRange(r.Time, before, after));
    }

    [Fact]
    public void Draining_allocates_nothing_and_waits_for_a_quarter_ring()
    {
        Counter counter = new();
        using SchedulerRecording recording = SchedulerRecording.Open(new() { RingBytesPerCpu = 64 * 1024, Names = false });
        recording.Enable();
        using PingPong load = new();
        Assert.True(SpinWait.SpinUntil(() => recording.Wait(TimeSpan.FromSeconds(1)), RealKernel.Limit));
        recording.Drain(counter);

        long before = GC.GetAllocatedBytesForCurrentThread();
        long wanted = counter.Records + 20_000;
        long read = 0;
        while (counter.Records < wanted)
        {
            recording.Wait(TimeSpan.FromMilliseconds(100));
            read += recording.Drain(counter);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(read >= 20_000);
    }

    [Fact]
    public void A_quiet_wait_ends_at_its_timeout()
    {
        using SchedulerRecording recording = SchedulerRecording.Open(new SchedulerRecordingOptions());
        Assert.False(recording.Wait(TimeSpan.FromMilliseconds(1)));
        Assert.Equal(0, recording.Drain(new RecordLog()));
    }

    [Fact]
    public void Nothing_stays_open()
    {
        int before = RealKernel.OpenPerfEvents();
        SchedulerRecording recording = SchedulerRecording.Open(new SchedulerRecordingOptions());
        // Switches, wake-ups, and the beginnings and ends of devices' handlers and of what interrupts put off.
        Assert.Equal(before + (6 * recording.Cpus.Count), RealKernel.OpenPerfEvents());
        recording.Dispose();
        recording.Dispose();
        Assert.Equal(before, RealKernel.OpenPerfEvents());
        Assert.Throws<ObjectDisposedException>(() => recording.Drain(new RecordLog()));
    }

    [Fact]
    public void A_refusal_half_way_closes_what_was_open()
    {
        int before = RealKernel.OpenPerfEvents();
        const long NoSuchTracepoint = 65_000;
        Assert.Throws<KernelAccessException>(
            () => Open(OnlineCpus.Read()[0], NoSuchTracepoint, out _));
        Assert.Equal(before, RealKernel.OpenPerfEvents());
    }

    [Fact]
    public void A_cpu_that_is_not_there_is_skipped()
    {
        long id = WakingTracepoint.Find(null).Id;
        int absent = OnlineCpus.Read()[^1] + 1;
        if (Directory.Exists($"/sys/devices/system/cpu/cpu{absent}")) Assert.Skip("needs a CPU number that is free");
        try
        {
            Assert.Null(Open(absent, id, out bool isRingRefused));
            Assert.False(isRingRefused);
        }
        catch (KernelAccessException refusal)
        {
            // A number beyond what the kernel was built for is an invalid argument rather than an absent device.
            Assert.Equal(KernelAccessFailure.NotSupported, refusal.Kind);
        }
    }

    private static EventRing? Open(int cpu, long wakingId, out bool isRingRefused) => EventRing.TryOpen(
        CpuWideEvents.For(new(), wakingId, 64 * 1024), RingSubject.OfCpu(cpu), 64 * 1024, out isRingRefused);

    private static IEnumerable<WakingRecord> Wakings(RecordLog log, int waker, int woken) =>
        log.Wakings.Where(r => r.WakerThreadId == waker && r.WokenThreadId == woken);

    private sealed class Counter : ISchedulerRecordHandler
    {
        public long Records { get; private set; }

        public void OnSwitch(in SwitchRecord r) => Records++;

        public void OnWaking(in WakingRecord r) => Records++;

        public void OnLost(in LostRecord r) => Records++;
    }
}

public sealed class SchedulerRecordingOptionsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2048)]
    [InlineData(3 * 1024 * 1024)]
    [InlineData(int.MinValue)]
    public void A_ring_is_a_power_of_two_of_at_least_a_page(int bytes) =>
        Assert.Throws<ArgumentException>(() => SchedulerRecording.Open(new() { RingBytesPerCpu = bytes }));
}
