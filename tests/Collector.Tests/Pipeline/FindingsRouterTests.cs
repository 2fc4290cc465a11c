using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class FindingsRouterTests
{
    private readonly ConfigurationRegistry _registry = new();
    private readonly RecordingSink _sink = new();
    private readonly FindingsRouter _router;

    public FindingsRouterTests() => _router = new FindingsRouter(_registry, [_sink]);

    [Fact]
    public void An_account_goes_out_with_its_configuration()
    {
        _registry.Declare(Samples.Configuration(1));
        _router.IterationClosed(Samples.Account(iteration: 5, configuration: 1));
        Assert.Equal((Samples.Configuration(1), 5L), (_sink.Accounts[0].Configuration, _sink.Accounts[0].Account.Iteration));
    }

    [Fact]
    public void Accounts_wait_for_a_configuration_that_is_declared_later_and_keep_their_order()
    {
        _router.IterationClosed(Samples.Account(iteration: 1, configuration: 0));
        _router.IterationClosed(Samples.Account(iteration: 2, configuration: 0));
        Assert.Empty(_sink.Accounts);

        _registry.Declare(Samples.Configuration(0));
        _router.IterationClosed(Samples.Account(iteration: 3, configuration: 0));
        Assert.Equal([1, 2, 3], _sink.Accounts.Select(a => a.Account.Iteration));
    }

    [Fact]
    public void Accounts_whose_configuration_never_came_are_counted_at_the_end()
    {
        _router.IterationClosed(Samples.Account(iteration: 1, configuration: 0));
        _router.Close();
        Assert.Equal(1, _router.Undeclared);
    }

    [Fact]
    public void Incomplete_accounts_are_counted_as_they_are_published()
    {
        _registry.Declare(Samples.Configuration(0));
        _router.IterationClosed(Samples.Account(iteration: 1, configuration: 0));
        _router.IterationClosed(Samples.Account(iteration: 2, configuration: 0, other: AccountState.Unknown));
        _router.IterationClosed(Samples.Account(iteration: 3, configuration: 1, other: AccountState.Unknown));
        Assert.Equal(1, _router.Incomplete);
        _registry.Declare(Samples.Configuration(1));
        _router.PublishDeclared();
        Assert.Equal(2, _router.Incomplete);
    }

    [Fact]
    public void Other_findings_go_to_every_sink()
    {
        _router.RunQueueWaited(new Duration(3));
        _router.Suspended(new Duration(4));
        Assert.Equal((new Duration(3), new Duration(4)), (_sink.Waits.Single(), _sink.Suspensions.Single()));
    }
}
