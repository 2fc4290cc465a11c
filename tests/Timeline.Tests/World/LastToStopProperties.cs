namespace Observatory.Timeline.Tests;

/// <summary>A suspension that names the thread it waited for is right, whatever happens; else it names none.</summary>
public sealed class LastToStopProperties
{
    /// <summary>A thread that takes less time to stand still is not asked for.</summary>
    private static readonly Duration Long = Duration.FromMilliseconds(1);

    [Fact]
    public void The_named_thread_is_the_one_that_stopped_last()
    {
        (int named, int asked) = Run(loses: false);
        Assert.True(named * 4 > asked, $"{named} of {asked} were named");
    }

    [Fact]
    public void Under_losses_it_is_that_one_or_none()
    {
        (int complete, _) = Run(loses: false);
        (int named, _) = Run(loses: true);
        Assert.InRange(named, 1, complete - 1);
    }

    /// <summary>Which threads are named in 2000 worlds; each is the one that was last.</summary>
    private static (int Named, int Asked) Run(bool loses)
    {
        (int named, int asked) = (0, 0);
        for (int seed = 0; seed < 2_000; seed++)
        {
            var world = new SimulatedSuspension(seed);
            Suspension told = world.Deliver(loses);
            bool isAsked = told.Reached is { } reached && reached - told.Began >= Long && world.Last is not null;
            if (!isAsked) continue;
            asked++;
            if (told.Last == TimelineEvent.UnknownThread) continue;
            named++;
            Assert.True(told.Last == world.Last, $"seed {seed}: {told.Last} is named, but {world.Last} was last");
        }

        return (named, asked);
    }
}
