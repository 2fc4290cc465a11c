namespace Observatory.Kernel.Tests;

public sealed class ParserTests
{
    [Theory]
    [InlineData("2.07 2.54 4.29 3/220 51533\n", 2.07)]
    [InlineData("0.00 0.01 0.05 1/99 7\n", 0.0)]
    [InlineData("", null)]
    [InlineData("nothing of the kind", null)]
    public void The_load_of_the_last_minute_is_the_first_number(string text, double? load) =>
        Assert.Equal(load, LoadAverage.Parse(text));

    [Theory]
    [InlineData("2\n", 2)]
    [InlineData("-1\n", -1)]
    [InlineData("4", 4)]
    public void A_paranoid_level_is_a_number(string text, int expected)
    {
        Assert.True(ParanoidLevel.TryParse(text, out int level));
        Assert.Equal(expected, level);
        Assert.StartsWith($"{expected}: ", ParanoidLevel.Describe(level), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_text_is_no_level() => Assert.False(ParanoidLevel.TryParse("", out _));

    [Fact]
    public void A_schedule_is_three_numbers()
    {
        Assert.True(ThreadSchedule.TryParse("1200345 678 90\n", out ThreadSchedule schedule));
        Assert.Equal(new ThreadSchedule(1_200_345, 678, 90), schedule);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 2")]
    [InlineData("1 2 3 4")]
    [InlineData("1 two 3")]
    public void Other_text_is_no_schedule(string text) => Assert.False(ThreadSchedule.TryParse(text, out _));

    [Theory]
    [InlineData("pid:[4026531836]", true)]
    [InlineData("pid:[4026532841]", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void The_initial_namespace_is_known_by_its_inode(string? link, bool expected) =>
        Assert.Equal(expected, PidNamespace.IsInitial(link));

    [Theory]
    [InlineData("Name:\tdotnet\nTgid:\t4711\nNgid:\t0\nPid:\t4713\n", true, 4711)]
    [InlineData("Name:\tTgid\nPid:\t4713\n", false, 0)]
    [InlineData("Tgid:\tmany\n", false, 0)]
    [InlineData("", false, 0)]
    public void The_process_of_a_thread_is_a_line_of_its_status(string status, bool expected, int process)
    {
        Assert.Equal(expected, ThreadGroup.TryParse(status, out int found));
        Assert.Equal(process, found);
    }

    [Fact]
    public void A_thread_s_process_is_found_by_the_thread_s_own_id()
    {
        Assert.True(ThreadGroup.TryRead(CallingThread.Id, out int process));
        Assert.Equal(Environment.ProcessId, process);
        Assert.False(ThreadGroup.TryRead(int.MaxValue, out _));
    }

    [Fact]
    public void The_calling_thread_is_among_those_of_its_process() =>
        Assert.Contains(CallingThread.Id, ProcessThreads.List(Environment.ProcessId));
}
