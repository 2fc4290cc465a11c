namespace Observatory.Timeline.Tests;

public sealed class SwitchChainTests
{
    private readonly SwitchChain _chain = new();

    [Fact]
    public void Whoever_leaves_first_is_believed() => Assert.True(_chain.Follow(Out(1, 7)));

    [Fact]
    public void In_and_out_of_one_thread_follow()
    {
        Assert.True(_chain.Follow(In(1, 7)));
        Assert.True(_chain.Follow(Out(2, 7)));
        Assert.True(_chain.Follow(In(2, 8)));
    }

    [Fact]
    public void Another_thread_that_leaves_breaks_the_chain()
    {
        _chain.Follow(In(1, 7));
        Assert.False(_chain.Follow(Out(2, 8)));
        Assert.True(_chain.Follow(In(3, 9)));
    }

    [Fact]
    public void A_thread_that_comes_to_a_held_cpu_breaks_the_chain()
    {
        _chain.Follow(In(1, 7));
        Assert.False(_chain.Follow(In(2, 8)));
        Assert.True(_chain.Follow(Out(3, 8)));
    }

    [Fact]
    public void A_thread_that_leaves_an_empty_cpu_breaks_the_chain()
    {
        _chain.Follow(Out(1, 7));
        Assert.False(_chain.Follow(Out(2, 7)));
    }

    [Fact]
    public void A_hand_over_follows_where_its_first_thread_came_last()
    {
        _chain.Follow(In(1, 7));
        Assert.True(_chain.Follow(new Timestamp(2), leaving: 7, thread: 8));
        Assert.True(_chain.Follow(Out(3, 8)));
        Assert.Equal(new Timestamp(3), _chain.NewestSwitch);
    }

    [Fact]
    public void A_hand_over_of_another_thread_or_of_an_empty_cpu_breaks_the_chain()
    {
        _chain.Follow(In(1, 7));
        Assert.False(_chain.Follow(new Timestamp(2), leaving: 6, thread: 8));
        Assert.True(_chain.Follow(Out(3, 8)));
        Assert.False(_chain.Follow(new Timestamp(4), leaving: 8, thread: 9));
    }

    [Fact]
    public void What_was_forgotten_breaks_nothing()
    {
        _chain.Follow(In(1, 7));
        _chain.MarkUnknown();
        Assert.True(_chain.Follow(Out(2, 8)));
    }

    [Fact]
    public void A_nameless_thread_that_leaves_is_the_holder_on_its_way_out()
    {
        _chain.Follow(In(1, 7));
        TimelineEvent nameless = TimelineEvent.SwitchOut(new(2), 0, -1, -1);
        Assert.Equal(TimelineEvent.Exited(new(2), 0, 7, 1), _chain.Identify(nameless));
    }

    [Fact]
    public void A_nameless_thread_that_comes_is_not_a_known_one()
    {
        _chain.Follow(In(1, 7));
        TimelineEvent nameless = TimelineEvent.SwitchIn(new(2), 0, -1, -1);
        Assert.Equal(nameless, _chain.Identify(nameless));
    }

    [Fact]
    public void Other_records_move_the_newest_time_but_not_that_of_the_newest_switch()
    {
        _chain.Follow(In(1, 7));
        _chain.Touch(new Timestamp(5));
        _chain.Touch(new Timestamp(3));
        Assert.Equal(new Timestamp(5), _chain.Newest);
        Assert.Equal(new Timestamp(1), _chain.NewestSwitch);
    }

    private static TimelineEvent In(long at, int thread) => TimelineEvent.SwitchIn(new(at), 0, thread, 1);

    private static TimelineEvent Out(long at, int thread) => TimelineEvent.SwitchOut(new(at), 0, thread, 1);
}

internal static class FollowedChain
{
    public static bool Follow(this SwitchChain chain, in TimelineEvent change) =>
        chain.Follow(change.At, change.Kind == EventKind.SwitchIn, change.Thread, change.Process);
}
