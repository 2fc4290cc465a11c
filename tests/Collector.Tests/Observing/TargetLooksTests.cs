namespace Observatory.Collector.Tests;

/// <summary>Looks at a target, all on one thread.</summary>
public sealed class TargetLooksTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public void Each_look_is_done_again_and_again_and_all_of_them_on_one_thread()
    {
        using var both = new CountdownEvent(2);
        HashSet<int> threads = [];
        int often = 0, seldom = 0;
        var looks = new TargetLooks(Refuse);
        looks.Every(() => TimeSpan.FromMilliseconds(1), () => Note(ref often), "");
        looks.Every(() => TimeSpan.FromMilliseconds(4), () => Note(ref seldom), "");
        looks.Start();
        Assert.True(both.Wait(Limit, TestContext.Current.CancellationToken));
        looks.Dispose();
        Assert.Single(threads);
        Assert.InRange(often, seldom, int.MaxValue);

        void Note(ref int count)
        {
            threads.Add(Environment.CurrentManagedThreadId);
            if (++count == 20) both.Signal();
        }
    }

    [Fact]
    public void One_that_fails_is_said_and_done_no_more_and_the_others_go_on()
    {
        using var on = new ManualResetEventSlim();
        List<string> said = [];
        Exception? told = null;
        int failing = 0, well = 0;
        var looks = new TargetLooks(said.Add);
        looks.Every(
            () => TimeSpan.FromMilliseconds(1),
            () => throw new InvalidOperationException($"at {++failing}"),
            "it is not looked at any more",
            failure => told = failure);
        looks.Every(
            () => TimeSpan.FromMilliseconds(1),
            () =>
            {
                if (++well == 10) on.Set();
            },
            "");
        looks.Start();
        Assert.True(on.Wait(Limit, TestContext.Current.CancellationToken));
        looks.Dispose();
        Assert.Equal(1, failing);
        Assert.Equal("looks: it is not looked at any more: System.InvalidOperationException: at 1", Assert.Single(said));
        Assert.Equal("at 1", told?.Message);
    }

    [Fact]
    public void The_interval_is_asked_again_after_each_look()
    {
        using var later = new ManualResetEventSlim();
        int count = 0, since = 0;
        using var looks = new TargetLooks(Refuse);
        // An hour after the third look; the end does not wait for it.
        looks.Every(() => count < 3 ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromHours(1), () => count++, "");
        looks.Every(
            () => TimeSpan.FromMilliseconds(1),
            () =>
            {
                if (count >= 3 && ++since == 10) later.Set();
            },
            "");
        looks.Start();
        Assert.True(later.Wait(Limit, TestContext.Current.CancellationToken));
        Assert.Equal(3, count);
    }

    [Fact]
    public void Without_looks_or_a_start_it_ends()
    {
        var looks = new TargetLooks(Refuse);
        looks.Start();
        looks.Dispose();
        new TargetLooks(Refuse).Dispose();
    }

    private static void Refuse(string line) => Assert.Fail(line);
}
