using System.Diagnostics;

namespace Observatory.Kernel.Tests;

/// <summary>The same tests with the rights of others; what each may reach is said by <see cref="ReachTests"/>.</summary>
public sealed class OtherRightsTests
{
    [Fact]
    public async Task As_nobody_the_thread_tier_works()
    {
        if (ReachTests.ParanoidLevelNow() > 2) Assert.Skip("needs perf_event_paranoid of at most 2");
        await TestsAgain.PassAsNobody(typeof(ThreadRecordingTests), typeof(PageFaultTests), typeof(ReachTests));
    }

    [Fact]
    public Task With_perfmon_alone_the_thread_tier_works() =>
        TestsAgain.PassWithPerfMon(typeof(ThreadRecordingTests), typeof(PageFaultTests), typeof(ReachTests));

    [Fact]
    public async Task With_perfmon_and_the_tracepoints_number_the_kernel_tier_works()
    {
        RealKernel.NeedsKernelTier();
        DirectoryInfo tracefs = Directory.CreateTempSubdirectory("tracefs");
        try
        {
            string directory = $"{tracefs.FullName}/events/sched/sched_waking";
            Directory.CreateDirectory(directory);
            await File.WriteAllTextAsync($"{directory}/id", $"{WakingTracepoint.Find(null).Id}\n");
            File.SetUnixFileMode(tracefs.FullName, (UnixFileMode)0b111_101_101);
            await TestsAgain.PassWithPerfMonAndTracefs(tracefs.FullName, typeof(NamesTests), typeof(ReachTests));
        }
        finally
        {
            tracefs.Delete(recursive: true);
        }
    }
}

/// <summary>Runs tests of this assembly once more, in a process with other rights. Needs root.</summary>
internal static class TestsAgain
{
    private const string Nobody = "--reuid=65534 --regid=65534 --clear-groups";

    /// <summary>As a user without any right.</summary>
    public static Task PassAsNobody(params Type[] tests) =>
        PassAs($"exec setpriv {Nobody} --inh-caps=-all --bounding-set=-all --no-new-privs", tests);

    /// <summary>As a user with CAP_PERFMON and nothing else.</summary>
    public static Task PassWithPerfMon(params Type[] tests) =>
        PassAs($"exec setpriv {Nobody} --inh-caps=-all,+perfmon --ambient-caps=-all,+perfmon", tests);

    /// <summary>The same, where the numbers of tracepoints can be read in the given directory.</summary>
    public static Task PassWithPerfMonAndTracefs(string tracefs, params Type[] tests) => PassAs(
        $"exec unshare --mount sh -c 'mount --bind {tracefs} /sys/kernel/tracing && exec setpriv {Nobody} "
        + "--inh-caps=-all,+perfmon --ambient-caps=-all,+perfmon \"$@\"' sh",
        tests);

    private static async Task PassAs(string prefix, Type[] tests)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Needs root, to become another user.");
        string runner = Path.ChangeExtension(typeof(TestsAgain).Assembly.Location, null);
        ProcessStartInfo start = new("sh")
        {
            ArgumentList = { "-c", $"{prefix} \"$@\"", "sh", runner },
            Environment = { ["HOME"] = "/nonexistent", ["DOTNET_EnableDiagnostics"] = "0" },
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (Type type in tests)
        {
            start.ArgumentList.Add("-class");
            start.ArgumentList.Add(type.FullName!);
        }

        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync();
        string output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.True(child.ExitCode == 0, output + await errors);
    }
}

public sealed class ProcessTests
{
    private const int SignalledByTerminate = 128 + 15;

    [Fact]
    public async Task A_process_ends_when_asked_to_and_cannot_be_asked_again()
    {
        using Process child = Process.Start("sleep", "600");
        Assert.True(ProcessSignal.TryTerminate(child.Id));
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(SignalledByTerminate, child.ExitCode);
        Assert.False(ProcessSignal.TryTerminate(child.Id));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Groups_of_processes_are_never_asked(int processId) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ProcessSignal.TryTerminate(processId));

    [Fact]
    public void The_monotonic_clock_is_the_stopwatch()
    {
        Assert.Equal(1_000_000_000, Stopwatch.Frequency);
        long before = Stopwatch.GetTimestamp();
        long now = MonotonicClock.NowNanoseconds();
        Assert.InRange(now, before, Stopwatch.GetTimestamp());
    }

    [Fact]
    public void A_priority_out_of_range_is_refused_with_a_reason()
    {
        Assert.False(RealTimePriority.TrySetForCallingThread(1_000, out string reason));
        Assert.NotEmpty(reason);
    }
}
