namespace Observatory.Collector.Tests;

public sealed class ProcessFactsTests
{
    private const string Stat = "4711 (a) b (c) S 1 4711 4711 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 9 0 624157 1 1";

    [Fact]
    public void The_inner_id_is_that_of_the_innermost_namespace_and_a_name_may_hold_anything() =>
        Assert.Equal(
            new ProcessFacts(4711, "a) b (c", UserId: 1001, InnerId: 1, StartTicks: 624157),
            ProcessFacts.Parse(4711, Status("S (sleeping)", 4711), Stat));

    [Fact]
    public void A_process_that_has_ended_or_a_thread_is_none()
    {
        Assert.Null(ProcessFacts.Parse(4711, Status("Z (zombie)", 4711), Stat));
        Assert.Null(ProcessFacts.Parse(4712, Status("S (sleeping)", 4711), Stat));
    }

    private static string Status(string state, int group) =>
        $"Name:\ta) b (c\nState:\t{state}\nTgid:\t{group}\nPid:\t4711\nUid:\t1000\t1001\t1000\t1000\nNSpid:\t4711\t7\t1\n";
}
