using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class ThreadNamesTests
{
    private const int Target = 70;
    private const int Gone = int.MaxValue;
    private readonly ThreadNames _names = new();

    [Fact]
    public void A_thread_of_the_target_has_its_own_name_and_one_of_another_process_that_of_its_process()
    {
        _names.Learn(71, Target, "sweep");
        _names.Learn(90, 90, "dotnet");
        _names.Learn(91, 90, ".NET TP Worker");
        Assert.Equal("sweep", _names.CommandOf(71, Target));
        Assert.Equal("dotnet", _names.CommandOf(91, Target));
        Assert.Equal(".NET TP Worker", _names.NameOf(91));
    }

    [Fact]
    public void A_new_process_has_the_name_of_the_one_that_made_it_until_it_runs_another_program()
    {
        _names.Learn(90, 90, "sh");
        _names.Inherit(95, 95, 90);
        Assert.Equal("sh", _names.CommandOf(95, Target));
        _names.Learn(95, 95, "stress");
        Assert.Equal("stress", _names.CommandOf(95, Target));
    }

    [Fact]
    public void Who_was_there_before_the_observer_came_is_looked_up()
    {
        string own = File.ReadAllText("/proc/self/comm").TrimEnd('\n');
        Assert.Equal(own, _names.CommandOf(Environment.ProcessId, Target));
    }

    [Fact]
    public void A_thread_outlives_the_name_of_its_process()
    {
        _names.Learn(91, Gone, "orphan");
        Assert.Equal("orphan", _names.CommandOf(91, Target));
    }

    [Fact]
    public void Names_are_counted_as_they_come_and_a_name_that_is_taken_again_is_no_other()
    {
        const int most = 50_000;
        _names.Learn(Gone, Target, "first");
        for (int i = 0; i < 2 * most; i++) _names.Learn(91, 90, "again");
        Assert.Equal("first", _names.NameOf(Gone));

        for (int i = 0; i < most; i++) _names.Learn(Gone - 1 - i, 90, "another");
        Assert.Equal("exited", _names.NameOf(Gone));
        Assert.Equal("another", _names.NameOf(Gone - most));
    }

    /// <summary>A process that runs one program after another on several CPUs tells it in several rings, which are read one after the other.</summary>
    [Fact]
    public void The_newest_name_counts_in_whatever_order_rings_are_read()
    {
        _names.Learn(90, 90, "python");
        _names.Learn(95, 95, "yes", new Timestamp(30));
        _names.Learn(95, 95, "taskset", new Timestamp(20));
        _names.Inherit(95, 95, 90, new Timestamp(10));
        Assert.Equal("yes", _names.CommandOf(95, Target));
        _names.Inherit(95, 95, 90, new Timestamp(40));
        Assert.Equal("python", _names.CommandOf(95, Target));
    }

    [Fact]
    public void A_thread_that_was_gone_when_it_was_looked_up_has_the_name_that_a_record_tells_later()
    {
        Assert.Equal(ThreadNames.Exited, _names.NameOf(Gone));
        _names.Learn(Gone, Gone, "short", new Timestamp(20));
        Assert.Equal("short", _names.NameOf(Gone));
    }

    /// <summary>Names are inherited on a real-time thread: it asks once for each process that was there before.</summary>
    [Fact]
    public void A_process_that_makes_others_is_looked_up_once()
    {
        using var parent = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sleep", ["1000"]));
        Assert.NotNull(parent);
        try
        {
            // It has the name of its parent until it runs the program.
            Assert.True(SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{parent.Id}/comm") == "sleep\n", TimeSpan.FromMinutes(1)));
            _names.Inherit(Gone - 1, Gone - 1, parent.Id);
        }
        finally
        {
            parent.Kill();
            parent.WaitForExit();
        }

        _names.Inherit(Gone - 2, Gone - 2, parent.Id);
        Assert.Equal("sleep", _names.NameOf(Gone - 1));
        Assert.Equal("sleep", _names.NameOf(Gone - 2));
    }

    [Fact]
    public void Who_is_not_known_and_whose_name_is_not_known_are_told_apart()
    {
        Assert.Equal("unknown", _names.CommandOf(TimelineEvent.UnknownHolder, Target));
        Assert.Equal("exited", _names.CommandOf(TimelineEvent.ExitingThread, Target));
        Assert.Equal("exited", _names.CommandOf(Gone, Target));
        Assert.Equal("idle", _names.CommandOf(0, Target));
        Assert.Equal("idle or outside", new ThreadNames(seesWholeMachine: false).CommandOf(0, Target));
    }
}
