// What does the sweep's loop cost over a bare TorchSharp call, at the smallest configuration of the study?
//
//   dotnet run -c Release benchmarks/loop-overhead/overhead.cs [ROUNDS]     (default 60, about half a second each)
//
// Blocks of bare calls and blocks of the sweep's own iterations (marks, clock, counters of disturbances, metrics, record)
// alternate in one process on one thread, over the same tensors: A B B A ... Each round gives two ratios, of wall time per
// iteration and of the median of what was timed; printed are their medians with 95 % intervals (order statistics).
#:project ../../src/Workload/Workload.csproj
#:package TorchSharp-cpu
#:property AssemblyName=Observatory.LoopOverhead
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property MayReference=Workload
#:property UseArtifactsOutput=false
#:property RuntimeIdentifier=linux-x64
#:property SelfContained=false

using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Observatory.Contract;
using Observatory.Kernel;
using Observatory.Study;
using Observatory.Workload;

const int Block = 300;
int rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 60;
ILogger log = NullLogger.Instance;
SweepOptions options = SweepOptionsReader.Read(new SettingLayers(SettingLayer.CommandLine(new Dictionary<string, string?>
{
    ["--batches"] = "8", ["--sequences"] = "512", ["--dims"] = "128",
})));
var files = new CgroupFiles("/");
SweepPlan plan = SweepPlan.Choose(options, files, out _);
await using TelemetryHost telemetry = await TelemetryHost.StartAsync(new IPEndPoint(IPAddress.Loopback, 0), plan, log);
await DrivingThread.Run(Measure);

void Measure()
{
    new TorchLoader(new TorchLibraries(AppContext.BaseDirectory), log).Load();
    using IDisposable session = TorchSession.Begin(plan.MostThreads);
    using ITensorOperation operation = TensorOperations.Create(plan.Points[0], OutputMemory.Reused, index: 0, seed: 1);
    var results = new SweepResults(1, TimeProvider.System, LatencyWindow.Capacity);
    results.Begin(TorchSession.Version);
    using var watch = new DisturbanceWatch(files, DrivingThread.Name, plan.MostThreads);
    var iterations = new MarkedIterations(WorkloadEventSource.Log, watch, telemetry.Instruments, results);
    Bare(operation);
    watch.FindThreads();
    Swept(iterations, results);
    List<double> wall = [], timed = [];
    for (int round = 0; round < rounds; round++)
    {
        (double Wall, double Median) bare, swept;
        if (round % 2 == 0) (bare, swept) = (Bare(operation), Swept(iterations, results));
        else (swept, bare) = (Swept(iterations, results), Bare(operation));
        wall.Add(swept.Wall / bare.Wall);
        timed.Add(swept.Median / bare.Median);
        if (round == rounds - 1) Console.WriteLine($"{plan.Points[0]}, {plan.MostThreads} threads: bare median {bare.Median / 1e3:0.0} us in the last round");
    }

    Print("wall time per iteration, sweep / bare", wall);
    Print("median of what is timed, sweep / bare", timed);

    (double, double) Swept(MarkedIterations loop, SweepResults into)
    {
        into.Visit(plan.Study[0]);
        long begin = Stopwatch.GetTimestamp();
        for (int n = 0; n < Block; n++) loop.Run(plan.Study[0], operation);
        long took = Stopwatch.GetTimestamp() - begin;
        return (took, MedianOf(into[plan.Study[0]].Latencies.Samples.TakeLast(Block).Select(sample => sample.Nanoseconds)));
    }
}

static (double, double) Bare(ITensorOperation operation)
{
    long[] durations = new long[Block];
    long begin = Stopwatch.GetTimestamp();
    for (int n = 0; n < Block; n++)
    {
        long start = Stopwatch.GetTimestamp();
        operation.Forward();
        durations[n] = Stopwatch.GetTimestamp() - start;
    }

    long took = Stopwatch.GetTimestamp() - begin;
    return (took, MedianOf(durations));
}

static double MedianOf(IEnumerable<long> values) => values.Order().ElementAt(Block / 2);

static void Print(string what, List<double> ratios)
{
    double[] sorted = [.. ratios.Order()];
    Interval? interval = MedianInterval.From(sorted, sorted.Length);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what}: {sorted[sorted.Length / 2]:0.0000} ({interval?.Low:0.0000} to {interval?.High:0.0000}, 95 %, {sorted.Length} rounds)"));
}
