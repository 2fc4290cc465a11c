namespace Observatory.Kernel.Tests;

public sealed class ThreadIdMapTests
{
    private readonly ThreadIdMap _map = new(isInitialNamespace: false);

    [Fact]
    public void In_the_initial_namespace_ids_are_their_own_translation() =>
        Assert.Equal(4711, new ThreadIdMap(isInitialNamespace: true).Translate(4711));

    [Fact]
    public void Unknown_is_zero() => Assert.Equal(0, _map.Translate(4711));

    [Fact]
    public void A_pair_seen_once_is_known() => AfterLearning([(4711, 5)], 4711, 5);

    [Fact]
    public void A_pair_seen_again_changes_nothing() => AfterLearning([(4711, 5), (4711, 5)], 4711, 5);

    [Fact]
    public void A_thread_outside_the_namespace_is_not_learned() => AfterLearning([(4711, 0)], 4711, 0);

    [Fact]
    public void An_exiting_thread_is_forgotten() => AfterLearning([(4711, 5), (4711, -1)], 4711, 0);

    [Fact]
    public void The_idle_thread_of_every_cpu_is_nobody() => AfterLearning([(0, 0)], 0, 0);

    [Fact]
    public void An_initial_id_given_to_a_new_thread_means_the_new_one() =>
        AfterLearning([(4711, 5), (4711, 9)], 4711, 9);

    [Fact]
    public void An_initial_id_given_to_a_thread_outside_means_nobody() =>
        AfterLearning([(4711, 5), (4711, 0)], 4711, 0);

    [Fact]
    public void An_own_id_given_to_a_new_thread_leaves_the_old_one_unknown()
    {
        AfterLearning([(4711, 5), (4800, 5)], 4800, 5);
        Assert.Equal(0, _map.Translate(4711));
    }

    [Fact]
    public void Two_threads_may_change_ids()
    {
        AfterLearning([(100, 1), (200, 2), (100, 2), (200, 1)], 100, 2);
        Assert.Equal(1, _map.Translate(200));
    }

    private void AfterLearning((int Initial, int Own)[] pairs, int initialId, int expected)
    {
        foreach ((int initial, int own) in pairs) _map.Learn(initial, own);
        Assert.Equal(expected, _map.Translate(initialId));
    }

    [Fact]
    public void A_thread_that_ended_is_forgotten_under_both_ids()
    {
        ThreadIdMap map = new(isInitialNamespace: false);
        map.Learn(initialId: 4711, ownId: 7);
        map.Forget(ownId: 7);
        map.Forget(ownId: 8);
        Assert.Equal(ThreadIdMap.Unknown, map.Translate(4711));
        map.Learn(initialId: 4712, ownId: 7);
        Assert.Equal(7, map.Translate(4712));
    }
}
