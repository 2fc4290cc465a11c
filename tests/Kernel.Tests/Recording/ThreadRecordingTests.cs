using System.Diagnostics;

namespace Observatory.Kernel.Tests;

[Collection(RealKernel.Name)]
public sealed class ThreadRecordingTests
{
    public ThreadRecordingTests() => OwnThreads.NeedThreadTier();

    [Fact]
    public void Every_wait_of_a_thread_that_is_there_is_a_switch_out_and_a_switch_in()
    {
        const int Waits = 200;
        RecordLog log = new();
        using ManualResetEventSlim start = new();
        using WaitingThread waiting = new(Waits, start);
        // It yields some times before it sleeps: those are not to fall between the recording and the count.
        Assert.True(SpinWait.SpinUntil(() => State(waiting.ThreadId) == 'S', RealKernel.Limit));
        using ThreadRecording recording = OwnThreads.Record();
        ThreadSwitchCount before = Count(waiting.ThreadId);
        start.Set();
        log.DrainUntil(recording, () => waiting.Finished.IsSet);
        Assert.True(SpinWait.SpinUntil(() => State(waiting.ThreadId) == 'S', RealKernel.Limit));
        ThreadSwitchCount after = Count(waiting.ThreadId);
        recording.Drain(log);

        SwitchRecord[] own = [.. log.Switches.Where(r => r.ThreadId == waiting.ThreadId)];
        Assert.Empty(log.Losses);
        Assert.Equal(after.Voluntary - before.Voluntary, own.Count(r => r.IsSwitchOut && !r.IsPreempted));
        Assert.Equal(after.Involuntary - before.Involuntary, own.Count(r => r.IsPreempted));
        Assert.All(own.Zip(own.Skip(1)), pair => Assert.NotEqual(pair.First.IsSwitchOut, pair.Second.IsSwitchOut));
        Assert.All(own.Zip(own.Skip(1)), pair => Assert.True(pair.First.Time <= pair.Second.Time));
        Assert.All(own, r => Assert.Equal(Environment.ProcessId, r.ProcessId));
        Assert.All(own, r => Assert.Contains(r.Cpu, OnlineCpus.Read()));
        Assert.Equal(0, recording.MalformedTotal);
    }

    [Fact]
    public void A_thread_that_begins_is_told_of_and_recorded_after_a_refresh()
    {
        RecordLog log = new();
        using ThreadRecording recording = OwnThreads.Record();
        using WaitingThread late = new(waits: 0);
        log.DrainUntil(recording, () => log.Forks.Any(r => r.ThreadId == late.ThreadId));
        Assert.DoesNotContain(recording.Threads, thread => thread.ThreadId == late.ThreadId);

        recording.Refresh();
        RecordedThread recorded = Assert.Single(recording.Threads, thread => thread.ThreadId == late.ThreadId);
        Assert.InRange(recorded.Since, log.Forks[^1].Time, MonotonicClock.NowNanoseconds());
        Assert.Equal(0, recording.Unrecorded);
        late.Dispose();
        log.DrainUntil(recording, () => log.Exits.Any(r => r.ThreadId == late.ThreadId));
        Assert.Contains(log.Switches, r => r.ThreadId == late.ThreadId && !r.IsSwitchOut);
    }

    [Fact]
    public void A_thread_that_ends_says_so_last_and_leaves_nothing_open()
    {
        RecordLog log = new();
        WaitingThread waiting = new(waits: 0);
        int before = RealKernel.OpenPerfEvents();
        using ThreadRecording recording = OwnThreads.Record();
        int open = RealKernel.OpenPerfEvents();
        Assert.Equal(recording.Threads.Count, open - before);
        int threadId = waiting.ThreadId;
        waiting.Dispose();
        log.DrainUntil(recording, () => recording.Threads.All(thread => thread.ThreadId != threadId));

        ExitRecord exit = Assert.Single(log.Exits, r => r.ThreadId == threadId);
        Assert.All(log.Switches.Where(r => r.ThreadId == threadId), r => Assert.True(r.Time <= exit.Time));
        Assert.Equal(recording.Threads.Count, RealKernel.OpenPerfEvents() - before);
        recording.Dispose();
        Assert.Equal(before, RealKernel.OpenPerfEvents());
        Assert.Throws<ObjectDisposedException>(() => recording.Drain(log));
    }

    [Fact]
    public void What_does_not_fit_is_told_of_by_thread()
    {
        RecordLog log = new();
        using PingPong load = new();
        using ThreadRecording recording = OwnThreads.Record(new() { RingBytesPerThread = Environment.SystemPageSize });
        if (recording.ReadKernelLostTotal() < 0) Assert.Skip("needs PERF_FORMAT_LOST, Linux 6.0");
        Assert.True(SpinWait.SpinUntil(() => recording.ReadKernelLost(load.FirstId) > 1_000, RealKernel.Limit));
        log.DrainUntil(recording, () =>
        {
            recording.Disable();
            recording.Drain(log);
            bool isEqual = log.LostOf(load.FirstId) == recording.ReadKernelLost(load.FirstId);
            if (!isEqual) recording.Enable();
            return isEqual;
        });

        Assert.Equal(recording.LostTotal, log.Losses.Sum(loss => loss.Count));
        Assert.True(log.LostOf(load.FirstId) > 1_000);
        Assert.All(log.Losses, loss => Assert.True(loss.ThreadId > 0));
    }

    [Fact]
    public void A_thread_that_ends_amid_losses_tells_of_them_all()
    {
        const int Waits = 1_000;
        RecordLog log = new();
        using ManualResetEventSlim start = new();
        WaitingThread waiting = new(Waits, start);
        using ThreadRecording recording = OwnThreads.Record(new() { RingBytesPerThread = Environment.SystemPageSize });
        if (recording.ReadKernelLostTotal() < 0) Assert.Skip("needs PERF_FORMAT_LOST, Linux 6.0");
        start.Set();
        waiting.Finished.Wait(RealKernel.Limit);
        int threadId = waiting.ThreadId;
        waiting.Dispose();
        log.DrainUntil(recording, () => recording.Threads.All(thread => thread.ThreadId != threadId));

        int told = log.Switches.Count(r => r.ThreadId == threadId) + log.Exits.Count(r => r.ThreadId == threadId);
        Assert.InRange(told, 1, Waits);
        Assert.True(log.LostOf(threadId) + told >= 2 * Waits, $"{log.LostOf(threadId)} + {told}");
    }

    [Fact]
    public void Another_process_of_the_own_user_is_recorded_until_it_ends()
    {
        RecordLog log = new();
        using var target = Process.Start("sh", ["-c", "while :; do sleep 0.001; done"]);
        using ThreadRecording recording = ThreadRecording.Open(target.Id, new());
        recording.Enable();
        log.DrainUntil(recording, () => log.Switches.Count > 20);
        target.Kill();
        log.DrainUntil(recording, () => recording.Threads.Count == 0);
        target.WaitForExit();

        Assert.All(log.Switches, r => Assert.Equal((target.Id, target.Id), (r.ProcessId, r.ThreadId)));
        Assert.All(log.Forks, r => Assert.Equal(target.Id, r.ParentProcessId));
        Assert.Equal(target.Id, Assert.Single(log.Exits).ThreadId);
        recording.Refresh();
        Assert.Empty(recording.Threads);
        Assert.False(recording.Wait(TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void A_process_that_is_not_there_is_refused_and_so_are_options_without_sense()
    {
        KernelAccessException refusal =
            Assert.Throws<KernelAccessException>(() => ThreadRecording.Open(int.MaxValue, new()));
        Assert.Equal(KernelAccessFailure.NoSuchProcess, refusal.Kind);
        Assert.Throws<ArgumentException>(() => ThreadRecording.Open(1, new() { Switches = false }));
        Assert.Throws<ArgumentException>(() => ThreadRecording.Open(1, new() { RingBytesPerThread = 5000 }));
    }

    [Fact]
    public void A_process_of_another_user_is_refused_without_a_capability()
    {
        if (Environment.IsPrivilegedProcess || new EventFindings().CpuSwitches().IsOk)
            Assert.Skip("needs a user without CAP_PERFMON: others may record every process");
        KernelAccessException refusal = Assert.Throws<KernelAccessException>(() => ThreadRecording.Open(1, new()));
        Assert.Equal(KernelAccessFailure.PermissionDenied, refusal.Kind);
        Assert.Contains("user of the target", refusal.Remedy, StringComparison.Ordinal);
    }

    private static ThreadSwitchCount Count(int threadId) =>
        Assert.Single(ContextSwitchCounts.Read(Environment.ProcessId), count => count.ThreadId == threadId);

    private static char State(int threadId) => Assert.Single(
        ThreadDirectory.Read(Environment.ProcessId), thread => thread.ThreadId == threadId).State;
}

/// <summary>Says what tests of the own process's threads need.</summary>
internal static class OwnThreads
{
    public static void NeedThreadTier()
    {
        KernelFinding own = new EventFindings().ThreadSwitches();
        if (!own.IsOk) Assert.Skip($"needs {own.Name}: {own.Reason}; {own.Remedy}");
    }

    public static ThreadRecording Record(ThreadRecordingOptions? options = null)
    {
        ThreadRecording recording = ThreadRecording.Open(Environment.ProcessId, options ?? new());
        recording.Enable();
        return recording;
    }
}
