using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class TraceContextTests
{
    [Fact]
    public void Iterations_are_called_by_their_configuration_and_all_other_units_by_their_name()
    {
        var configurations = new ConfigurationRegistry();
        configurations.Declare(Samples.Configuration(1));
        var names = new UnitNames([]);
        int job = names.IndexOf("Job");
        var context = new TraceContext(1, new ThreadNames(), configurations, names, new SourceStatuses());

        Assert.Equal("linear [8, 512, 256]", context.NameOfUnit(UnitKind.Iteration, 1));
        Assert.Equal("configuration 7", context.NameOfUnit(UnitKind.Iteration, 7));
        Assert.Equal("Job", context.NameOfUnit(UnitKind.Event, job));
        Assert.Equal("Job", context.NameOfUnit(UnitKind.Request, job));
        Assert.Equal(UnitNames.Other, (context with { Requests = null }).NameOfUnit(UnitKind.Request, job));
    }
}
