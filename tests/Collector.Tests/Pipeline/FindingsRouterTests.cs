using Observatory.Contract;
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
    public void A_configuration_that_is_never_declared_keeps_no_other_waiting()
    {
        _registry.Declare(Samples.Configuration(1));
        _router.IterationClosed(Samples.Account(iteration: 1, configuration: 0));
        for (int iteration = 2; iteration < 150_000; iteration++)
        {
            _router.IterationClosed(Samples.Account(iteration, configuration: 0));
            if (iteration % 1_000 == 0) _router.IterationClosed(Samples.Account(iteration, configuration: 1));
        }

        Assert.Equal(149, _sink.Accounts.Count);
        _router.Close();
        Assert.Equal(149_999, _router.Undeclared);
        Assert.Equal(149, _sink.Accounts.Count);
    }

    [Fact]
    public void A_sink_that_fails_is_left_out_and_the_others_go_on()
    {
        List<string> log = [];
        var router = new FindingsRouter(_registry, [new FailingSink(), _sink], log.Add);
        _registry.Declare(Samples.Configuration(1));
        for (int iteration = 0; iteration < 3; iteration++) router.IterationClosed(Samples.Account(iteration, configuration: 1));
        router.Suspended(new Suspension(new(1), null, new(2)));
        router.RunQueueWaited([new Duration(1)]);
        router.PreemptedBy([new CpuHold(7, 1, new Timestamp(0), new Duration(1))]);

        Assert.Equal(3, _sink.Accounts.Count);
        Assert.Single(_sink.Suspensions);
        Assert.IsType<InvalidOperationException>(router.Failure);
        Assert.StartsWith("FailingSink failed and is left out, the observation goes on: ", Assert.Single(log), StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_configurations_that_are_used_are_shown_and_the_rest_are_one()
    {
        var registry = new ConfigurationRegistry(mostShown: 2);
        for (int index = 0; index < 10; index++) registry.Declare(Samples.Configuration(index));
        Assert.False(registry.HasOther);

        Assert.Equal(7, registry.Find(7)!.Index);
        Assert.Equal(3, registry.Find(3)!.Index);
        Assert.Equal(ConfigurationRegistry.Other, registry.Find(0));
        Assert.Equal(7, registry.Find(7)!.Index);
        Assert.True(registry.HasOther);
        Assert.Null(registry.Find(10));
    }

    [Fact]
    public void Any_number_of_declarations_is_bounded()
    {
        var registry = new ConfigurationRegistry();
        for (int index = 0; index < 300_000; index++) registry.Declare(Samples.Configuration(index));

        Assert.InRange(registry.Declared, 1_000, 20_000);
        HashSet<long> shown = [];
        for (int index = 0; index < 300_000; index++) shown.Add(registry.Find(index)!.Index);
        Assert.Equal(ConfigurationRegistry.MostShown + 1, shown.Count);
    }

    [Fact]
    public void What_a_target_calls_its_operations_is_made_harmless()
    {
        _registry.Declare(Samples.Configuration(0) with { Operation = "a\u001b[31m" + new string('x', 20_000), DataType = "\n" });

        Assert.Equal("a?[31m" + new string('x', 111) + "...", _registry.Find(0)!.Operation);
        Assert.Equal("?", _registry.Find(0)!.DataType);
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
    public void A_target_that_was_started_again_goes_on_with_the_configurations_it_had()
    {
        _registry.Declare(Samples.Configuration(0));
        _registry.Declare(Samples.Configuration(1));
        Assert.Equal((0, 1), (_registry.Find(0)!.Index, _registry.Find(1)!.Index));

        _registry.BeginTarget();
        Assert.Null(_registry.Find(0));
        // The same two under other numbers, the same twice, and a new one whose number is taken.
        _registry.Declare(Samples.Configuration(1) with { Index = 0 });
        _registry.Declare(Samples.Configuration(0) with { Index = 7 });
        _registry.Declare(Samples.Configuration(0) with { Index = 8 });
        _registry.Declare(Samples.Configuration(0) with { Index = 1, Operation = "another" });

        Assert.Equal((1, 0), (_registry.Find(0)!.Index, _registry.Find(7)!.Index));
        Assert.Equal("another", _registry.Find(1)!.Operation);
        Assert.Equal(4, new[] { 0L, 7, 8, 1 }.Select(index => _registry.Find(index)!.Index).Distinct().Count());
    }

    [Fact]
    public void Other_findings_go_to_every_sink()
    {
        _router.RunQueueWaited([new Duration(3)]);
        _router.Suspended(new Suspension(new(1), null, new(5)));
        Assert.Equal((new Duration(3), new Duration(4)), (_sink.Waits.Single(), _sink.Suspensions.Single()));
    }

    private sealed class FailingSink : IFindingsSink
    {
        public void IterationClosed(WorkloadConfiguration configuration, in UnitAccount account) =>
            throw new InvalidOperationException("disk full");
    }
}
