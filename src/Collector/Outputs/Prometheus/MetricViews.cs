using Observatory.Contract;
using OpenTelemetry.Metrics;

namespace Observatory.Collector;

/// <summary>Which meters are shown, and how many series of each instrument.</summary>
internal static class MetricViews
{
    /// <summary>Most values of a label that stands beside those of a configuration: states, reasons, roles.</summary>
    private const int MostBesideConfiguration = 16;

    /// <summary>Beside those that are shown: the other ones, none, undeclared.</summary>
    private const int Configurations = ConfigurationRegistry.MostShown + 3;

    /// <summary>Most values of a label that stands beside the name of requests: causes, which stand beside a configuration as well.</summary>
    private const int MostBesideRequest = 32;

    private const string ByRequest = "observatory.unit";

    private static readonly string[] ByConfiguration = ["observatory.iteration", "observatory.gc.pause"];

    /// <summary>
    /// OpenTelemetry's limit of 2000 series would be reached by 200 configurations, and everything beyond it be added up
    /// under one label. What has a configuration among its labels gets a limit that follows from how many are shown.
    /// </summary>
    public static void Configure(MeterProviderBuilder metrics) => metrics
        .AddMeter(Meters.Collector, Meters.Runtime)
        // An iteration that a trace is captured of is recorded inside an activity whose id is the trace's.
        .SetExemplarFilter(ExemplarFilterType.TraceBased)
        .AddView(instrument => LimitOf(instrument.Name) is { } limit ? new MetricStreamConfiguration { CardinalityLimit = limit } : null);

    private static int? LimitOf(string instrument) =>
        instrument == CauseMetrics.OfIterations ? Configurations * MostBesideRequest
        : ByConfiguration.Any(prefix => instrument.StartsWith(prefix, StringComparison.Ordinal)) ? Configurations * MostBesideConfiguration
        : instrument.StartsWith(ByRequest, StringComparison.Ordinal) ? UnitNames.Most * MostBesideRequest
        : null;
}
