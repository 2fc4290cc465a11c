namespace Observatory.Collector.Tests;

public sealed class TargetThreadIdsTests
{
    private readonly Dictionary<int, int> _present = new() { [1] = 4711, [7] = 4717 };
    private int _looks;

    [Fact]
    public void Threads_of_another_namespace_are_known_by_our_ids()
    {
        TargetThreadIds ids = Of(isShared: false);
        Assert.Equal((4711, 4717), (ids.OursOf(1), ids.OursOf(7)));
        Assert.Equal(1, _looks);
    }

    [Fact]
    public void A_thread_that_began_later_is_looked_up_when_it_is_first_seen()
    {
        TargetThreadIds ids = Of(isShared: false);
        ids.OursOf(1);
        _present[8] = 4800;
        Assert.Equal((4800, 4800), (ids.OursOf(8), ids.OursOf(8)));
        Assert.Equal(2, _looks);
    }

    [Fact]
    public void A_thread_that_is_gone_is_nobody_and_is_not_looked_for_again()
    {
        TargetThreadIds ids = Of(isShared: false);
        int gone = ids.OursOf(9);
        Assert.True(gone < -1);
        Assert.Equal(gone, ids.OursOf(9));
        Assert.NotEqual(gone, ids.OursOf(10));
        Assert.Equal(2, _looks);
    }

    [Fact]
    public void In_one_namespace_ids_mean_the_same()
    {
        Assert.Equal(7, Of(isShared: true).OursOf(7));
        Assert.Equal(0, _looks);
    }

    private TargetThreadIds Of(bool isShared) => new(isShared, () =>
    {
        _looks++;
        return _present;
    });
}
