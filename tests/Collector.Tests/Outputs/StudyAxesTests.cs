using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Observatory.Contract;

namespace Observatory.Collector.Tests;

/// <summary>Configurations that differ only in threads or element type are told apart; in a study without these axes nothing is added.</summary>
[Collection(MetricsDocumentTests.EveryMeter)]
public sealed class StudyAxesTests
{
    private static readonly WorkloadConfiguration One = Samples.Configuration(0) with { Threads = 1 };

    private static readonly WorkloadConfiguration[] ThreadsAndTypes =
    [
        One,
        One with { Index = 1, Threads = 2 },
        One with { Index = 2, DataType = "bfloat16" },
        One with { Index = 3, Threads = 2, DataType = "bfloat16" },
    ];

    [Fact]
    public void Each_configuration_has_series_of_its_own()
    {
        Dictionary<string, int> series = Iterations(declaredFirst: true, ThreadsAndTypes);

        Assert.Equal(
            [
                "linear 8 512 128 threads=1 dtype=bfloat16", "linear 8 512 128 threads=1 dtype=float32",
                "linear 8 512 128 threads=2 dtype=bfloat16", "linear 8 512 128 threads=2 dtype=float32",
            ],
            series.Keys.Order(StringComparer.Ordinal));
        Assert.All(series.Values, count => Assert.Equal(3, count));
    }

    /// <summary>An observer may come in the middle of a declaration: what it counted before it knew stays by itself.</summary>
    [Fact]
    public void What_is_declared_late_is_never_added_to_another()
    {
        Dictionary<string, int> series = Iterations(declaredFirst: false, ThreadsAndTypes[0], ThreadsAndTypes[1]);

        Assert.Equal(6, series.Values.Sum());
        Assert.Equal(
            ["linear 8 512 128", "linear 8 512 128 threads=1", "linear 8 512 128 threads=2"], series.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(3, series["linear 8 512 128 threads=2"]);
    }

    [Fact]
    public void An_axis_with_one_value_is_no_label() =>
        Assert.Equal(
            ["linear 8 512 128", "linear 8 512 256"],
            Iterations(declaredFirst: true, Samples.Configuration(0), Samples.Configuration(1)).Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Both_processes_label_alike()
    {
        var registry = new ConfigurationRegistry();
        foreach (WorkloadConfiguration configuration in ThreadsAndTypes) registry.Declare(configuration);

        Assert.Equal(
            ["operation", "batch_size", "sequence_length", "embedding_dim", "threads", "dtype"],
            Labels.From(registry.Find(3)!).Select(label => label.Key));
    }

    [Fact]
    public void Rows_and_names_say_what_tells_them_apart()
    {
        var registry = new ConfigurationRegistry();
        var summary = new AccountSummary(Samples.Kernel(Tiers.Kernel));
        var causes = new CauseSink(new ThreadNames(), faultSeconds: null);
        var router = new FindingsRouter(registry, [summary, causes]);
        foreach (WorkloadConfiguration configuration in ThreadsAndTypes)
        {
            registry.Declare(configuration);
            router.IterationClosed(Samples.Account(1, configuration.Index));
        }

        // Once more: the first was named before the others were known.
        router.IterationClosed(Samples.Account(2, 0));

        IReadOnlyList<SummaryRow> rows = summary.Rows();
        Assert.Equal(["dtype", "threads"], Columns.For(rows).Select(column => column.Head).Take(2));
        Assert.Equal(4, rows.Select(row => string.Join(' ', Columns.For(rows).Take(5).Select(column => column.Text(row)))).Distinct().Count());
        Assert.Equal(
            ["linear [8, 512, 128], 1 thread, bfloat16", "linear [8, 512, 128], 1 thread, float32",
                "linear [8, 512, 128], 2 threads", "linear [8, 512, 128], 2 threads, bfloat16"],
            causes.Snapshot().Configurations.Select(one => one.Name).Order(StringComparer.Ordinal));
    }

    /// <summary>How many iterations each series of the iteration's duration counts, three of each configuration.</summary>
    private static Dictionary<string, int> Iterations(bool declaredFirst, params WorkloadConfiguration[] study)
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        IMeterFactory meters = services.GetRequiredService<IMeterFactory>();
        Dictionary<string, int> series = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Name == "observatory.iteration.duration") listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, labels, _) =>
        {
            string name = string.Join(' ', labels.ToArray().Select(label => label.Key is Labels.Threads or Labels.DataType ? $"{label.Key}={label.Value}" : $"{label.Value}"));
            series[name] = series.GetValueOrDefault(name) + 1;
        });
        listener.Start();
        var registry = new ConfigurationRegistry();
        var router = new FindingsRouter(registry, [new IterationMetrics(meters, Samples.Kernel(Tiers.Kernel))]);
        Array.ForEach(declaredFirst ? study : study[..1], registry.Declare);
        router.IterationClosed(Samples.Account(0, study[0].Index));
        Array.ForEach(study, registry.Declare);
        foreach (WorkloadConfiguration configuration in study)
        {
            router.PublishDeclared();
            for (int iteration = configuration == study[0] ? 1 : 0; iteration < 3; iteration++)
                router.IterationClosed(Samples.Account(iteration, configuration.Index));
        }

        return series;
    }
}
