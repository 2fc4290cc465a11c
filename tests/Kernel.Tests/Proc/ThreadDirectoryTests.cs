namespace Observatory.Kernel.Tests;

public sealed class ThreadDirectoryTests
{
    private const string AfterName =
        " S 1 2 3 0 -1 4194304 12345 99 67 8 9 10 0 0 20 0 31 0 5000 270000000 9000 18446744073709551615 1 1 0 0 0 0 0 "
        + "4096 17642 0 0 0 -1 5 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

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
        int threadId = WaitingThread.CurrentId;
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
