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
