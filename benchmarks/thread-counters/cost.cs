// What BeginIteration and EndIteration cost a thread: unobserved, observed, with the thread's counters, with a group of counters.
// dotnet run -c Release benchmarks/thread-counters/cost.cs
#:project ../../src/Contract/Contract.csproj
#:package Microsoft.Diagnostics.NETCore.Client
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property MayReference=Contract
#:property UseArtifactsOutput=false

using System.Diagnostics;
using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Contract;

const int iterations = 200_000;
const long iterationsOnly = 0xF00000000000;
for (int round = 0; round < 4; round++)
{
    Measure("unobserved", keywords: null);
    Measure("iterations", iterationsOnly);
    Measure("iterations and counters", iterationsOnly | (long)WorkloadEventSource.Keywords.Counters);
    Measure("iterations and group", iterationsOnly | (long)WorkloadEventSource.Keywords.CounterGroup);
}

static void Measure(string what, long? keywords)
{
    using EventPipeSession? session = keywords is { } wanted ? Start(wanted) : null;
    long bytes = GC.GetAllocatedBytesForCurrentThread();
    long begun = Stopwatch.GetTimestamp();
    for (int i = 0; i < iterations; i++) WorkloadEventSource.Log.EndIteration(WorkloadEventSource.Log.BeginIteration(0), 0);
    TimeSpan took = Stopwatch.GetElapsedTime(begun);
    bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
    session?.Stop();
    Console.WriteLine($"{what,-24} {took.TotalNanoseconds / iterations,6:F0} ns per iteration, {bytes / (double)iterations:F2} bytes allocated");
}

static EventPipeSession Start(long keywords)
{
    EventPipeProvider[] providers = [new(WorkloadEventSource.SourceName, EventLevel.Informational, keywords, new Dictionary<string, string> { [CounterSet.Argument] = CounterSet.Software.Name })];
    EventPipeSession session = new DiagnosticsClient(Environment.ProcessId)
        .StartEventPipeSession(new EventPipeSessionConfiguration(providers, 256, requestRundown: false, requestStackwalk: false));
    new Thread(() => session.EventStream.CopyTo(Stream.Null)) { IsBackground = true }.Start();
    SpinWait.SpinUntil(() => WorkloadEventSource.Log.IsEnabled(EventLevel.Informational, (EventKeywords)(keywords & ~iterationsOnly)));
    return session;
}
