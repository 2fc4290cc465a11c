using System.Diagnostics.Metrics;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Extensions.DependencyInjection;
using Observatory.Contract;
using Observatory.Hosting;
using Observatory.Kernel;
using Observatory.Soak;
using Observatory.Tests.Shared;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

[Collection(EveryMeter)]
public sealed class MetricsDocumentTests
{
    /// <summary>
    /// It hears every meter of the collector in this process: tests whose series have labels that are not always there must not run
    /// beside it.
    /// </summary>
    public const string EveryMeter = "every meter";

    [Fact]
    public async Task Docs_have_every_metric_of_the_collector()
    {
        using var recorder = new MeterRecorder(Meters.Collector);
        await ComposeAsync(recorder);
        MetricsDocument.Check(Meters.Collector, recorder.Rows());
    }

    /// <summary>The real composition root makes every instrument there is; these tests are its target.</summary>
    private static async Task ComposeAsync(MeterRecorder recorder)
    {
        string nettrace = Path.GetTempFileName();
        var host = new ObservationHost(new ObserveOptions
        {
            ProcessId = Environment.ProcessId,
            Live = false,
            TracesFolder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()),
            Tier = KernelTier.None,
            ObserverEffect = TimeSpan.FromMinutes(1),
            Endpoint = new(System.Net.IPAddress.Loopback, 0),
            Runtime = new RuntimeSourceOptions { UnitActivities = [new ActivitySourceUnits("Nobody", IsForced: false)], Nettrace = OutputFile.Create("--nettrace", nettrace) },
        });
        await using (host)
        {
            CancellationToken cancellation = TestContext.Current.CancellationToken;
            await host.StartAsync();
            await using Observation observation = await Observation.ConnectAsync(host, new OwnProcess(), cancellation);
            await observation.StartAsync(cancellation);
            using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
            Measure(services.GetRequiredService<IMeterFactory>());
            recorder.Rows();
            await observation.FinishAsync();
            host.Files.Start();
        }

        File.Delete(nettrace);
    }

    /// <summary>One measurement of everything that is measured when something happens, for its labels.</summary>
    private static void Measure(IMeterFactory meters)
    {
        SourceStatus kernel = Samples.Kernel(Tiers.Kernel);
        var names = new ThreadNames();
        new IterationMetrics(meters, kernel).IterationClosed(Samples.Configuration(0), Samples.Account(1, 0));
        var accounts = new AccountSummary(kernel);
        accounts.IterationClosed(Samples.Configuration(0), Samples.Account(1, 0));
        new AccountMetrics(accounts.Sums, kernel, kernel).Observe(meters);
        new DetailMetrics(accounts.Sums, kernel, kernel, Samples.FaultCost).Observe(meters);
        var units = new UnitMetrics(meters, kernel, kernel);
        units.RequestClosed(new RequestName(1, "GET /"), Samples.Account(1, 0));
        units.RequestClosed(new RequestName(1, "GET /"), Samples.Account(1, 0) with { Reasons = IncompleteReasons.Late });
        new CounterMetrics(meters).IterationClosed(Samples.Configuration(0), Samples.Counted(1, 0));
        var causes = new CauseSink(names, faultSeconds: null);
        causes.PreemptedBy([new CpuHold(1, 0, new Timestamp(0), new Duration(1))]);
        causes.IterationClosed(Samples.Configuration(0), Samples.Account(1, 0));
        causes.RequestClosed(new RequestName(1, "GET /"), Samples.Account(1, 0));
        CauseMetrics.Observe(meters, causes);
        var preemptors = new PreemptorSink(names, kernel);
        preemptors.PreemptedBy([new CpuHold(1, 0, new Timestamp(0), new Duration(1))]);
        preemptors.Begin(target: 1);
        preemptors.Observe(meters);
        new PoolMetrics(SimulatedPool.TwoThreads, kernel, kernel).Observe(meters);
        SoakMetrics.Observe(meters, () => new SoakVerdict([new SoakFinding("latency", SoakOutcome.Holds, "") { PerHour = 1 }]), () => TimeSpan.FromHours(1), () => true);
        TraceMetrics.Observe(meters.Create(Meters.Collector), () => [TraceStoreTests.Document(TraceStoreTests.Id(1), 1, DateTimeOffset.UnixEpoch)]);
        var lasting = new RuntimeInstruments(meters, new ConfigurationRegistry(), names);
        using var looks = new TargetLooks(_ => { });
        IRuntimeEventHandler runtime = TargetInstruments.Create(meters, Environment.ProcessId, EventDetail.Parse("verbose"), looks, [.. lasting.Handlers, causes]);
        Tell(runtime);
    }

    private static void Tell(IRuntimeEventHandler handler)
    {
        var duration = new Duration(1);
        handler.Paused(new GcPause(new Timestamp(1), duration, duration, 0, "alloc_small"), configuration: null);
        handler.CollectionBegan(new GcCollection(1, 0, "alloc_small", "blocking"));
        handler.GenerationSeen(new GenerationAfter("gen0", 1, 1, 1, 1));
        handler.HeapSeen(new HeapAfter(0, [1, 1, 1, 1, 1], 1, 1));
        handler.BackgroundPhaseEnded("initial_mark", duration);
        handler.Allocated(new AllocationSample("T", "small", 1, 1), configuration: null);
        handler.Contended(new LockWait(1, 0, new Timestamp(1), duration) { Request = new RequestName(1, "GET /") });
        handler.ThrownBy(new RequestName(1, "GET /"));
        handler.AllocatedBy(new RequestName(1, "GET /"), 1);
        handler.CollectedBy(new RequestName(1, "GET /"), 2);
        handler.Waited("handle", duration);
        handler.WorkersAdjusted(1, "warmup");
        handler.ExceptionThrown("E");
    }

    private sealed class OwnProcess : ITarget
    {
        public int ProcessId => Environment.ProcessId;

        public bool HasHeartbeat => ProcessId == 0;

        public int ExitCode => 0;

        public Task<DiagnosticsClient> ConnectAsync(CancellationToken cancellation) => Task.FromResult(new DiagnosticsClient(ProcessId));

        public void Resume(DiagnosticsClient client)
        {
        }

        public Task StopAsync() => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

public sealed class CommandsDocumentTests
{
    [Fact]
    public void Docs_have_every_command_and_option_of_the_collector() => CommandsDocument.Check(
        "observatory", Commands.Create([], _ => Task.FromResult(0), _ => 0, (_, _) => 0));
}
