using System.Diagnostics;
using Observatory.Tests.Shared;

namespace Observatory.Kernel.Tests;

public sealed class ThreadDirectoryTests
{
    private const string AfterName =
        " S 1 2 3 0 -1 4194304 12345 99 67 8 9 10 0 0 20 0 31 0 5000 270000000 9000 18446744073709551615 1 1 0 0 0 0 0 "
        + "4096 17642 0 0 0 -1 5 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

    [Theory]
    [InlineData("7 (x) T 1 7\n", true)]
    [InlineData("7 (x) t 1 7\n", true)]
    [InlineData("7 (x) S 1 7\n", false)]
    [InlineData("7 (a) T (b)) S 1 7\n", false)]
    [InlineData("7 (a) S (b)) T 1 7\n", true)]
    [InlineData("7 (x)", false)]
    [InlineData("", false)]
    public void The_letter_behind_the_name_says_that_a_process_is_stopped(string text, bool isStopped)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("/stat", text);
        using CounterFile stat = CounterFile.Open($"{folder.Path}/stat")!;
        Assert.Equal(isStopped, ThreadDirectory.IsStopped(stat));
    }

    [Fact]
    public void Of_a_process_that_has_ended_a_file_that_stays_open_says_nothing()
    {
        using Process sleeper = Process.Start("sleep", "60");
        using CounterFile stat = CounterFile.Open($"/proc/{sleeper.Id}/stat")!;
        Assert.False(ThreadDirectory.IsStopped(stat));
        sleeper.Kill();
        sleeper.WaitForExit();
        Assert.Null(stat.Number([]));
        Assert.False(ThreadDirectory.IsStopped(stat));
    }

    [Theory]
    [InlineData("dotnet")]
    [InlineData(".NET TP Worker")]
    [InlineData("a) R (b")]
    [InlineData(":-) (")]
    [InlineData("")]
    public void The_name_may_hold_anything(string name)
    {
        Assert.True(ThreadStat.TryParse($"4711 ({name}){AfterName}", out ThreadInfo thread));
        Assert.Equal(new ThreadInfo(4711, name, 'S', 5, 12_345, 67), thread);
    }

    [Theory]
    [InlineData("")]
    [InlineData("4711")]
    [InlineData("4711 (dotnet")]
    [InlineData("4711 dotnet) S 1")]
    [InlineData("x (dotnet)" + AfterName)]
    [InlineData("4711 (dotnet) S 1 2 3")]
    [InlineData("4711 (dotnet) S 1 2 3 0 -1 0 many 99 67 8 9 10 0 0 20 0 31 0 5 2 9 1 1 1 0 0 0 0 0 0 1 0 0 0 -1 5 0")]
    public void Damaged_text_is_refused(string text) => Assert.False(ThreadStat.TryParse(text, out _));

    [Theory]
    [InlineData("xfs) S 0 2 (", "2129984", true)]
    [InlineData("md5sum", "4194304", false)]
    [InlineData("md5sum", "many", false)]
    public void A_thread_of_the_kernel_is_told_by_its_flag_and_not_by_its_name(string name, string flags, bool expected)
    {
        string root = Directory.CreateTempSubdirectory("proc").FullName;
        try
        {
            Directory.CreateDirectory($"{root}/7");
            File.WriteAllText($"{root}/7/stat", $"7 ({name}){AfterName.Replace("4194304", flags, StringComparison.Ordinal)}");
            Assert.Equal(expected, ThreadDirectory.IsOfKernel(7, root));
            Assert.False(ThreadDirectory.IsOfKernel(8, root));
            Assert.False(ThreadDirectory.IsOfKernel(Environment.ProcessId));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Theory]
    [InlineData(0, 5, "at nice 5")]
    [InlineData(1, 0, "under SCHED_FIFO")]
    [InlineData(3, 0, "at nice 0 under SCHED_BATCH")]
    [InlineData(5, 0, "under SCHED_IDLE")]
    [InlineData(7, 0, "under scheduling class 7")]
    public void A_class_is_told_where_it_is_not_the_usual_one_and_a_nice_value_where_it_counts(int policy, int nice, string expected) =>
        Assert.Equal(expected, new ThreadScheduling(nice, policy, AllowedCpus: 2).InWords);

    [Fact]
    public void Every_thread_of_the_given_tree_that_is_still_there_is_read()
    {
        string root = Directory.CreateTempSubdirectory("proc").FullName;
        foreach (int threadId in (int[])[7, 8, 9]) Directory.CreateDirectory($"{root}/7/task/{threadId}");
        File.WriteAllText($"{root}/7/comm", "sweep\n");
        File.WriteAllText($"{root}/7/task/7/stat", $"7 (sweep){AfterName}");
        File.WriteAllText($"{root}/7/task/9/stat", $"9 (worker){AfterName}");
        try
        {
            Assert.Equal(["sweep", "worker"], ThreadDirectory.Read(7, root).Select(thread => thread.Name).Order());
            Assert.True(ProcessName.TryRead(7, out string name, root));
            Assert.Equal("sweep", name);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void A_thread_that_touches_new_memory_counts_its_faults()
    {
        const int Pages = 1_000;
        int threadId = CallingThread.Id;
        long before = Own(threadId).MinorFaults;
        using (FreshMemory memory = new(Pages)) memory.TouchAll();
        ThreadInfo own = Own(threadId);
        Assert.InRange(own.MinorFaults - before, Pages, 2 * Pages);
        Assert.Equal('R', own.State);
        Assert.Contains(own.Processor, OnlineCpus.Read());
    }

    [Fact]
    public void Whoever_is_gone_has_neither_name_nor_threads()
    {
        Assert.False(ProcessName.TryRead(int.MaxValue, out string name));
        Assert.Empty(name);
        Assert.Empty(ThreadDirectory.Read(int.MaxValue));
    }

    private static ThreadInfo Own(int threadId) =>
        Assert.Single(ThreadDirectory.Read(Environment.ProcessId), thread => thread.ThreadId == threadId);
}

public sealed class OwnThreadTimesTests
{
    [Fact]
    public void A_thread_that_computed_shows_by_its_name_and_one_that_is_not_asked_for_does_not()
    {
        const string Name = "own-times-test";
        using var done = new ManualResetEventSlim();
        using var computed = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            long begun = ThreadCpuClock.NowNanoseconds();
            while (ThreadCpuClock.NowNanoseconds() - begun < 50_000_000) Thread.SpinWait(1000);
            computed.Set();
            done.Wait();
        })
        { Name = Name };
        thread.Start();
        Assert.True(computed.Wait(RealKernel.Limit));
        // schedstat lags behind by a tick at most, until the thread leaves its CPU.
        Assert.True(SpinWait.SpinUntil(() => OwnThreadTimes.Read([Name]).GetValueOrDefault(Name) >= 50_000_000, RealKernel.Limit));
        Assert.Equal([Name], OwnThreadTimes.Read([Name, "nobody"]).Keys);
        done.Set();
        thread.Join();
        // The runtime calls a thread ended a moment before the kernel does.
        Assert.True(SpinWait.SpinUntil(() => OwnThreadTimes.Read([Name]).Count == 0, RealKernel.Limit));
    }
}

public sealed class ThreadCpuClockTests
{
    [Fact]
    public void The_threads_clock_advances_with_what_it_computes_and_never_faster_than_time()
    {
        long monotonic = MonotonicClock.NowNanoseconds();
        long begun = ThreadCpuClock.NowNanoseconds();
        while (ThreadCpuClock.NowNanoseconds() - begun < 10_000_000) Thread.SpinWait(100);
        long ran = ThreadCpuClock.NowNanoseconds() - begun;
        Assert.InRange(ran, 10_000_000, MonotonicClock.NowNanoseconds() - monotonic);
    }

    [Fact]
    public void Another_threads_computation_is_not_on_it()
    {
        long other = 0;
        long begun = ThreadCpuClock.NowNanoseconds();
        var thread = new Thread(() =>
        {
            while (ThreadCpuClock.NowNanoseconds() < 50_000_000) Thread.SpinWait(100);
            other = ThreadCpuClock.NowNanoseconds();
        });
        thread.Start();
        thread.Join();
        Assert.InRange(ThreadCpuClock.NowNanoseconds() - begun, 0, other - 1);
    }
}

public sealed class ContextSwitchCountsTests
{
    private const string Status = """
        Name:	voluntary_ctxt_switches: 9
        Pid:	4711
        Mems_allowed_list:	0
        voluntary_ctxt_switches:	150
        nonvoluntary_ctxt_switches:	545
        """;

    [Fact]
    public void Both_counts_are_read()
    {
        Assert.True(ContextSwitchCounts.TryParse(Status, out long voluntary, out long involuntary));
        Assert.Equal((150, 545), (voluntary, involuntary));
    }

    [Theory]
    [InlineData("")]
    [InlineData("voluntary_ctxt_switches:\t150\n")]
    [InlineData("voluntary_ctxt_switches:\tmany\nnonvoluntary_ctxt_switches:\t1\n")]
    public void Text_without_both_is_refused(string text) =>
        Assert.False(ContextSwitchCounts.TryParse(text, out _, out _));

    [Fact]
    public void Every_thread_of_the_given_tree_is_read()
    {
        string root = Directory.CreateTempSubdirectory("proc").FullName;
        foreach (int threadId in (int[])[7, 8, 9]) Directory.CreateDirectory($"{root}/7/task/{threadId}");
        File.WriteAllText($"{root}/7/task/7/status", Status);
        File.WriteAllText($"{root}/7/task/9/status", Status.Replace("150", "1", StringComparison.Ordinal));
        try
        {
            ThreadSwitchCount[] expected = [new(7, 150, 545), new(9, 1, 545)];
            Assert.Equal(expected, ContextSwitchCounts.Read(7, root).OrderBy(count => count.ThreadId));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void A_thread_that_waits_counts_its_waits()
    {
        using WaitingThread waiting = new(waits: 50);
        waiting.Finished.Wait(TestContext.Current.CancellationToken);
        ThreadSwitchCount own =
            Assert.Single(ContextSwitchCounts.Read(Environment.ProcessId), count => count.ThreadId == waiting.ThreadId);
        Assert.True(own.Voluntary >= 50, $"{own}");
    }

    [Fact]
    public void A_process_that_is_gone_has_no_threads() => Assert.Empty(ContextSwitchCounts.Read(int.MaxValue));
}

/// <summary>A thread that gives its CPU up a known number of times, and lives until disposed.</summary>
internal sealed class WaitingThread : IDisposable
{
    private readonly ManualResetEventSlim _end = new();
    private readonly ManualResetEventSlim _started = new();
    private readonly Thread _thread;

    public WaitingThread(int waits, ManualResetEventSlim? start = null)
    {
        _thread = new Thread(() => Run(waits, start));
        _thread.Start();
        _started.Wait();
    }

    public int ThreadId { get; private set; }

    public ManualResetEventSlim Finished { get; } = new();

    public void Dispose()
    {
        if (!_thread.IsAlive) return;
        _end.Set();
        _thread.Join();
        _end.Dispose();
        _started.Dispose();
        Finished.Dispose();
    }

    private void Run(int waits, ManualResetEventSlim? start)
    {
        ThreadId = CallingThread.Id;
        _started.Set();
        start?.Wait();
        using AutoResetEvent never = new(false);
        for (int i = 0; i < waits; i++) never.WaitOne(1);
        Finished.Set();
        _end.Wait();
    }
}
