using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class RunningConfigurationTests
{
    private readonly RunningConfiguration _running = new();

    [Fact]
    public void Between_iterations_none_runs()
    {
        Assert.Null(_running.Current);
        Begin(thread: 1, configuration: 5);
        Assert.Equal(5, _running.Current);
        End(thread: 1);
        Assert.Null(_running.Current);
    }

    [Fact]
    public void Of_several_driving_threads_the_one_that_began_last_counts()
    {
        Begin(thread: 1, configuration: 5);
        Begin(thread: 2, configuration: 6);
        Assert.Equal(6, _running.Current);
        End(thread: 2);
        Assert.Equal(5, _running.Current);
    }

    [Fact]
    public void A_thread_that_begins_again_has_ended_before()
    {
        Begin(thread: 1, configuration: 5);
        Begin(thread: 1, configuration: 6);
        End(thread: 1);
        Assert.Null(_running.Current);
    }

    [Fact]
    public void After_a_loss_no_configuration_is_known_to_run()
    {
        Begin(thread: 1, configuration: 5);
        _running.Observe(TimelineEvent.LossEnded(new Timestamp(1), LossScope.Runtime));
        Assert.Null(_running.Current);
    }

    private void Begin(int thread, long configuration) =>
        _running.Observe(TimelineEvent.IterationBegan(new Timestamp(1), thread, iteration: 1, configuration));

    private void End(int thread) => _running.Observe(TimelineEvent.IterationEnded(new Timestamp(1), thread, iteration: 1, configuration: 0));
}
