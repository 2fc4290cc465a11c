using System.Diagnostics;

namespace Observatory.Kernel.Tests;

[Collection(RealKernel.Name)]
public sealed class NamesTests
{
    private static readonly SchedulerRecordingOptions Roomy = new() { RingBytesPerCpu = 16 * 1024 * 1024 };

    public NamesTests() => RealKernel.NeedsKernelTier();

    [Fact]
    public void A_process_begins_takes_its_name_and_ends()
    {
        RecordLog log = new();
        using SchedulerRecording recording = SchedulerRecording.Open(Roomy);
        recording.Enable();
        using Process child = Process.Start("sleep", "0.01");
        log.DrainUntil(recording, () => log.Exits.Any(r => r.ThreadId == child.Id));

        ForkRecord fork = Assert.Single(log.Forks, r => r.ThreadId == child.Id);
        Assert.Equal((child.Id, Environment.ProcessId), (fork.ProcessId, fork.ParentProcessId));
        Assert.Equal("sleep", log.Names.Last(r => r.ThreadId == child.Id).Name);
    }

    [Fact]
    public void A_thread_begins_takes_its_name_and_ends()
    {
        RecordLog log = new();
        using SchedulerRecording recording = SchedulerRecording.Open(Roomy);
        recording.Enable();
        int threadId = 0;
        Thread thread = new(() => threadId = CallingThread.Id) { Name = "observed thread" };
        thread.Start();
        thread.Join();
        log.DrainUntil(recording, () => log.Exits.Any(r => r.ThreadId == threadId));

        ForkRecord fork = Assert.Single(log.Forks, r => r.ThreadId == threadId);
        Assert.Equal((Environment.ProcessId, Environment.ProcessId), (fork.ProcessId, fork.ParentProcessId));
        Assert.Contains(log.Names, r => r.ThreadId == threadId && r.Name == "observed thread");
        Assert.Equal(0, recording.MalformedTotal);
    }

    /// <summary>Only a process of several threads shows it, and this one cannot let a thread of its own run another program.</summary>
    [Fact]
    public void A_thread_that_runs_a_new_program_says_so_under_the_id_of_the_main_thread()
    {
        const string Script = "import os, threading; threading.Thread(target=lambda: os.execv('/bin/sleep', ['sleep', '0.01'])).start(); threading.Event().wait()";
        RecordLog log = new();
        using SchedulerRecording recording = SchedulerRecording.Open(Roomy);
        recording.Enable();
        Process? started = TryStart("python3", "-c", Script);
        if (started is null) Assert.Skip("needs python3");
        using Process child = started;
        log.DrainUntil(recording, () => log.Names.Any(r => r.ProcessId == child.Id && r.Name == "sleep"));

        CommRecord program = log.Names.Single(r => r.ProcessId == child.Id && r.Name == "sleep");
        Assert.Equal((child.Id, true), (program.ThreadId, program.IsExec));
        Assert.Contains(log.Forks, r => r.ProcessId == child.Id && r.ThreadId != child.Id);
        child.WaitForExit();
    }

    private static Process? TryStart(string program, params string[] arguments)
    {
        try
        {
            return Process.Start(program, arguments);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    [Fact]
    public void Without_names_there_are_none()
    {
        RecordLog log = new();
        using SchedulerRecording recording = SchedulerRecording.Open(Roomy with { Names = false });
        recording.Enable();
        using Process child = Process.Start("sleep", "0.01");
        log.DrainUntil(recording, () => log.Switches.Any(r => r.ProcessId == child.Id && r.IsSwitchOut));
        Assert.Empty(log.Names);
        Assert.Empty(log.Forks);
    }
}
