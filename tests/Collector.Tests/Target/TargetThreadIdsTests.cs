using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class TargetThreadIdsTests
{
    private readonly Dictionary<int, int> _present = new() { [1] = 4711, [7] = 4717 };
    private static readonly Timestamp Now = new(100);
    private int _looks;

    [Fact]
    public void Threads_of_another_namespace_are_known_by_our_ids()
    {
        TargetThreadIds ids = Of(isShared: false);
        Assert.Equal((4711, 4717), (ids.OursOf(1, Now), ids.OursOf(7, Now)));
        Assert.Equal(1, _looks);
    }

    [Fact]
    public void A_thread_that_began_later_is_looked_up_when_it_is_first_seen()
    {
        TargetThreadIds ids = Of(isShared: false);
        ids.OursOf(1, Now);
        _present[8] = 4800;
        Assert.Equal((4800, 4800), (ids.OursOf(8, Now), ids.OursOf(8, Now)));
        Assert.Equal(2, _looks);
    }

    [Fact]
    public void A_thread_that_is_gone_gets_an_id_that_no_thread_has_and_is_not_looked_for_again()
    {
        TargetThreadIds ids = Of(isShared: false);
        int gone = ids.OursOf(9, Now);
        Assert.True(TargetThreadIds.IsUnknown(gone));
        Assert.Equal(gone, LossScope.Thread(gone).ThreadId);
        Assert.Equal(gone, ids.OursOf(9, Now));
        Assert.NotEqual(gone, ids.OursOf(10, Now));
        Assert.Equal(2, _looks);
    }

    [Fact]
    public void An_id_that_comes_again_means_another_thread_from_the_end_of_the_first_on()
    {
        TargetThreadIds ids = Of(isShared: false);
        Assert.Equal(4711, ids.OursOf(1, Now));
        ids.End(4711, at: new Timestamp(150));
        _present[1] = 4900;

        // The runtime's events come late: what the first thread did before its end is still its own.
        Assert.Equal(4711, ids.OursOf(1, new Timestamp(149)));
        Assert.Equal(4900, ids.OursOf(1, new Timestamp(151)));
    }

    /// <summary>Threads that the runtime never tells of end by the thousand, too.</summary>
    [Fact]
    public void Ends_that_are_kept_are_bounded_and_an_id_is_read_again_after_them()
    {
        TargetThreadIds ids = Of(isShared: false);
        Assert.Equal(4711, ids.OursOf(1, Now));
        for (int thread = 0; thread < 5 * TargetThreadIds.MostEnds; thread++) ids.End(100_000 + thread, at: new Timestamp(150));
        ids.End(4711, at: new Timestamp(160));
        _present[1] = 4900;

        Assert.InRange(ids.KeptEnds, 1, TargetThreadIds.MostEnds);
        Assert.Equal(4900, ids.OursOf(1, new Timestamp(170)));
        Assert.Equal(2, _looks);
        ids.End(4900, at: new Timestamp(180));
        Assert.Equal(1, ids.KeptEnds);
    }

    [Fact]
    public void In_one_namespace_ids_mean_the_same()
    {
        Assert.Equal(7, Of(isShared: true).OursOf(7, Now));
        Assert.Equal(0, _looks);
    }

    private TargetThreadIds Of(bool isShared) => new(isShared, () =>
    {
        _looks++;
        return _present;
    });
}
