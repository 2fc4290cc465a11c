using CsCheck;

namespace Observatory.Kernel.Tests;

public sealed class ThreadIdMapTests
{
    private readonly ThreadIdMap _map = new(isInitialNamespace: false);

    [Fact]
    public void In_the_initial_namespace_ids_are_their_own_translation() =>
        Assert.Equal(4711, new ThreadIdMap(isInitialNamespace: true).Translate(4711, at: 1));

    [Fact]
    public void Unknown_is_zero() => Assert.Equal(0, _map.Translate(4711, at: 1));

    [Fact]
    public void A_pair_seen_once_is_known() => AfterLearning([(4711, 5)], 4711, 5);

    [Fact]
    public void A_pair_seen_again_changes_nothing() => AfterLearning([(4711, 5), (4711, 5)], 4711, 5);

    [Fact]
    public void A_thread_outside_the_namespace_is_not_learned() => AfterLearning([(4711, 0)], 4711, 0);

    [Fact]
    public void An_exiting_thread_is_forgotten() => AfterLearning([(4711, 5), (4711, -1)], 4711, 0);

    [Fact]
    public void The_idle_thread_of_every_cpu_is_no_thread() => AfterLearning([(0, 0)], 0, 0);

    [Fact]
    public void An_initial_id_given_to_a_new_thread_means_the_new_one() =>
        AfterLearning([(4711, 5), (4711, 9)], 4711, 9);

    [Fact]
    public void An_initial_id_given_to_a_thread_outside_means_no_thread() =>
        AfterLearning([(4711, 5), (4711, 0)], 4711, 0);

    [Fact]
    public void An_own_id_given_to_a_new_thread_leaves_the_old_one_unknown()
    {
        AfterLearning([(4711, 5), (4800, 5)], 4800, 5);
        Assert.Equal(0, _map.Translate(4711, at: 3));
    }

    [Fact]
    public void Two_threads_may_change_ids()
    {
        AfterLearning([(100, 1), (200, 2), (100, 2), (200, 1)], 100, 2);
        Assert.Equal(1, _map.Translate(200, at: 5));
    }

    [Fact]
    public void A_thread_that_ended_is_forgotten_under_both_ids()
    {
        _map.Learn(initialId: 4711, ownId: 7, at: 1);
        _map.Forget(ownId: 7, at: 2);
        _map.Forget(ownId: 8, at: 2);
        Assert.Equal(ThreadIdMap.Unknown, _map.Translate(4711, at: 3));
        _map.Learn(initialId: 4712, ownId: 7, at: 4);
        Assert.Equal(7, _map.Translate(4712, at: 5));
    }

    [Fact]
    public void A_thread_that_ended_is_known_to_the_records_of_rings_that_are_read_later_and_then_kept_no_longer()
    {
        _map.Learn(initialId: 4711, ownId: 7, at: 10);
        _map.DropEnded();
        _map.Forget(ownId: 7, at: 20);
        _map.DropEnded();
        Assert.Equal(7, _map.Translate(4711, at: 15));
        _map.DropEnded();
        Assert.Equal(0, _map.Count);
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(10, 5)]
    [InlineData(15, 0)]
    [InlineData(20, 9)]
    [InlineData(25, 9)]
    public void What_a_thread_told_before_another_got_its_initial_id_does_not_take_the_id_back(long at, int expected)
    {
        _map.Learn(4711, ownId: 9, at: 20);
        _map.Learn(4711, ownId: 5, at: 10);
        _map.Learn(4711, ownId: 5, at: 5);
        Assert.Equal(expected, _map.Translate(4711, at));
    }

    [Fact]
    public void What_a_thread_told_before_another_got_its_own_id_does_not_take_the_id_back()
    {
        _map.Learn(4800, ownId: 5, at: 20);
        _map.Learn(4711, ownId: 5, at: 10);
        Assert.Equal(5, _map.Translate(4711, at: 10));
        Assert.Equal(0, _map.Translate(4711, at: 30));
        Assert.Equal(5, _map.Translate(4800, at: 30));
    }

    [Fact]
    public void The_end_of_the_thread_that_had_an_own_id_before_does_not_end_the_one_that_has_it_now()
    {
        _map.Learn(4800, ownId: 5, at: 20);
        _map.Forget(ownId: 5, at: 15);
        Assert.Equal(5, _map.Translate(4800, at: 30));
    }

    [Fact]
    public void The_end_that_an_id_outside_tells_does_not_end_a_later_thread()
    {
        _map.Learn(4711, ownId: 5, at: 20);
        _map.Learn(4711, ownId: -1, at: 15);
        Assert.Equal(5, _map.Translate(4711, at: 30));
    }

    /// <summary>
    /// A few ids that are given to one thread after the other, told in any order: what is translated is the thread that had the
    /// id then, or unknown.
    /// </summary>
    [Fact]
    public void Whatever_order_rings_are_read_in_an_id_is_never_that_of_another_thread() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[0, int.MaxValue]).Sample((threads, seed) =>
        {
            var random = new Random(seed);
            // Each lasts until its initial id is given to another.
            (int Initial, int Own, long From)[] lives = [.. Enumerable.Range(0, threads).Select(i => (100 + (i % 3), 1 + (i % 4), 10L * i))];
            var map = new ThreadIdMap(isInitialNamespace: false);
            var told = lives.SelectMany(life => Enumerable.Range(0, 3).Select(_ => (life.Initial, life.Own, At: random.NextInt64(life.From, life.From + 30)))).ToArray();
            random.Shuffle(told);
            foreach ((int initial, int own, long at) in told) map.Learn(initial, own, at);
            foreach ((int initial, int own, long at) in told)
                Assert.True(map.Translate(initial, at) is var found && (found == own || found == ThreadIdMap.Unknown), $"{initial} at {at} is {own}, not {found}");
        });

    /// <summary>One after the other.</summary>
    private void AfterLearning((int Initial, int Own)[] pairs, int initialId, int expected)
    {
        for (int i = 0; i < pairs.Length; i++) _map.Learn(pairs[i].Initial, pairs[i].Own, at: i + 1);
        Assert.Equal(expected, _map.Translate(initialId, at: pairs.Length + 1));
    }
}
