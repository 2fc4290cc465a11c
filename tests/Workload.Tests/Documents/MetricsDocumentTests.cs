using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Observatory.Contract;
using Observatory.Tests.Shared;
using Observatory.Workload.Telemetry;

namespace Observatory.Workload.Tests.Documents;

public sealed class MetricsDocumentTests
{
    [Fact]
    public void Docs_have_every_metric_of_the_workload()
    {
        using var recorder = new MeterRecorder(Meters.Workload);
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var configuration = new WorkloadConfiguration(0, "linear", 8, 512, 128, "float32", 2, FloatingPointOperations: 1, InputBytes: 1);
        var instruments = new WorkloadInstruments(services.GetRequiredService<IMeterFactory>(), [configuration], threads: 2);
        instruments.Enter(configuration);
        instruments.Record(configuration, seconds: 1);
        MetricsDocument.Check(Meters.Workload, recorder.Rows());
    }
}
