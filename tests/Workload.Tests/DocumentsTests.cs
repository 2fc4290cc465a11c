using Observatory.Kernel;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Observatory.Contract;
using Observatory.Study;
using Observatory.Tests.Shared;

namespace Observatory.Workload.Tests;

public sealed class MetricsDocumentTests
{
    [Fact]
    public void Docs_have_every_metric_of_the_workload()
    {
        using var recorder = new MeterRecorder(Meters.Workload);
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        SweepPlan plan = SweepPlan.Create(
            SweepOptionsReader.Read(new SettingLayers()),
            new SelectedPoints([new StudyPoint(OperationFormulas.Linear, 8, 512, 128)], []),
            [2]);
        var instruments = new WorkloadInstruments(
            services.GetRequiredService<IMeterFactory>(), plan, new CpuCaches(32 << 10, 1 << 20, 4 << 20));
        instruments.Enter(plan.Study[0]);
        instruments.Record(plan.Study[0], seconds: 1);
        instruments.Machine.Limits =
        [
            new MachineLimits
            {
                Threads = 1, Dtype = "float32", GemmFlopsPerSecond = 2e11, FmaFlopsPerSecond = 2e11, BandwidthBytesPerSecond = 4e10,
            },
        ];
        instruments.Leave(plan.Study[0], Measured());
        MetricsDocument.Check(Meters.Workload, recorder.Rows());
    }

    private static ConfigurationResults Measured()
    {
        var results = new ConfigurationResults(LatencyWindow.OfEndless);
        results.Latencies.BeginVisit();
        results.Latencies.Add(new Sample(Iteration: 1, Nanoseconds: 1, Disturbances.None, AllocatedBytes: 0), at: 0);
        results.Add(new MemoryUse(Baseline: 1, Peak: 2));
        return results;
    }
}

public sealed class CommandsDocumentTests
{
    [Fact]
    public void Docs_have_every_command_and_option_of_the_workload() => CommandsDocument.Check(
        "workload", WorkloadCommands.Create(_ => Task.FromResult(0)));
}
