namespace Observatory.Kernel.Tests;

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
