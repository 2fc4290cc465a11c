// What an event, an iteration and a scrape cost the collector: from the bytes that the kernel or EventPipe wrote to the last sink.
//
//   dotnet run -c Release --project benchmarks/micro [ROUNDS [FILTER]]
//   dotnet run -c Release --project benchmarks/micro growth      (how these costs grow; benchmarks/micro/growth.sh)
//
// Two numbers stand side by side: the thread that reads, and the thread of the timeline with everything behind it. Each is the
// fastest of many chunks, because what disturbs a chunk is not ours. To compare with another revision: benchmarks/micro/run.sh

using System.Diagnostics;
using System.Globalization;
using Observatory.Micro;

if (args is ["growth"])
{
    Growth.Print();
    return;
}

int rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3;
string filter = args.Length > 1 ? args[1] : "";
RecordedIterations? sent = null;

(string What, Func<Cost> Measure)[] scenarios =
[
    ("foreign switch, 2 CPUs", () => Switches(2, machine => machine.Foreign(), perStep: 1)),
    ("foreign switch, 128 CPUs", () => Switches(128, machine => machine.Foreign(), perStep: 1)),
    ("foreign switch, pid namespace", () => Switches(2, machine => machine.Foreign(), perStep: 1, contained: true)),
    ("foreign switch, no recorder", () => Switches(2, machine => machine.Foreign(), perStep: 1, recorder: false)),
    ("foreign switch, waited for", Waits),
    ("own switch, unit open", () => Switches(2, machine => machine.Own(), perStep: 2, unit: true)),
    ("own switch, no recorder", () => Switches(2, machine => machine.Own(), perStep: 2, unit: true, recorder: false)),
    ("own threads share, 2 CPUs", () => Switches(2, machine => machine.OwnAmongThemselves(), perStep: 1)),
    ("own threads share, 128 CPUs", () => Switches(128, machine => machine.OwnAmongThemselves(), perStep: 1)),
    ("iteration", () => Iterations(recorder: true)),
    ("iteration, no recorder", () => Iterations(recorder: false)),
    // Of the sweep: 4 batches, 2 sequences, 4 dimensions.
    ("scrape, 32 configurations", () => Scrape(32)),
    ("scrape, 250 configurations", () => Scrape(250)),
];

// Round 0 compiles.
for (int round = 0; round <= rounds; round++)
{
    foreach ((string what, Func<Cost> measure) in scenarios)
    {
        if (!what.Contains(filter, StringComparison.Ordinal)) continue;
        Cost cost = measure();
        if (round > 0)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-28} reader {cost.Reader,7:F0} ns  timeline {cost.Timeline,9:F0} ns {cost.Bytes,7:F0} B"));
    }
}

static Cost Switches(int cpus, Action<ObservedMachine> step, int perStep, bool unit = false, bool recorder = true, bool contained = false)
{
    const int chunk = 1_000;
    using var machine = new ObservedMachine(cpus, recorder, isContained: contained);
    var best = new Fastest(chunk * perStep);
    for (long begun = Stopwatch.GetTimestamp(); best.Chunks < 30 || Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMilliseconds(400);)
    {
        if (unit) machine.Begin();
        for (int i = 0; i < chunk; i++) step(machine);
        best.Measure(machine.Drain, machine.Visit);
        if (!unit) continue;
        machine.End();
        machine.Drain();
        machine.Visit();
    }

    return best.Cost;
}

static Cost Waits()
{
    const int chunk = 1_000;
    using var machine = new ObservedMachine(2, recorder: true);
    var best = new Fastest(chunk);
    for (long begun = Stopwatch.GetTimestamp(); best.Chunks < 30 || Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMilliseconds(400);)
    {
        machine.Begin();
        for (int i = 0; i < chunk; i++) machine.ForeignWhileWaiting();
        // With the account of the iteration, which asks who had the CPU.
        machine.End();
        best.Measure(machine.Drain, machine.Visit);
    }

    return best.Cost;
}

Cost Iterations(bool recorder)
{
    sent ??= RecordedIterations.Record(10_000);
    var best = new Fastest(sent.Count);
    while (best.Chunks < 8)
    {
        using var machine = new ObservedMachine(2, recorder);
        machine.Skip(sent.Began);
        machine.Begin();
        machine.End();
        machine.Drain();
        machine.Visit();
        machine.Skip(long.MaxValue / 2);
        best.Measure(() => machine.Read(sent), () =>
        {
            machine.Drain();
            machine.Visit();
        });
        if (machine.Iterations != sent.Count + 1) throw new InvalidOperationException($"{machine.Iterations} accounts of {sent.Count + 1} iterations");
    }

    return best.Cost;
}

static Cost Scrape(int configurations)
{
    using var machine = new ObservedMachine(2, recorder: true);
    using var client = new HttpClient();
    for (int index = 0; index < configurations; index++) machine.Declare(index);
    machine.Begin();
    machine.End();
    var best = new Fastest(1);
    while (best.Chunks < 8)
    {
        for (int i = 0; i < 25_000; i++) machine.Iterate(i % configurations);
        machine.Drain();
        machine.Visit();
        // The exporter gives the same answer again for 0.3 s.
        Task.Delay(400).Wait();
        best.Measure(() => { }, () => client.GetByteArrayAsync(machine.Address).GetAwaiter().GetResult());
    }

    return best.Cost;
}

/// <summary>What one step costs.</summary>
/// <param name="Reader">Nanoseconds of the thread that reads.</param>
/// <param name="Timeline">Nanoseconds of the timeline's thread; of a scrape, until the answer is there.</param>
/// <param name="Bytes">Allocated by both threads.</param>
internal readonly record struct Cost(double Reader, double Timeline, double Bytes);

/// <summary>The fastest of the chunks that were measured; of what was allocated, the mean of the later half.</summary>
internal sealed class Fastest(int steps)
{
    private readonly List<(TimeSpan Reader, TimeSpan Timeline, long Bytes)> _chunks = [];

    public int Chunks => _chunks.Count;

    public Cost Cost => new(
        _chunks.Min(chunk => chunk.Reader).TotalNanoseconds / steps,
        _chunks.Min(chunk => chunk.Timeline).TotalNanoseconds / steps,
        _chunks.Skip(_chunks.Count / 2).Average(chunk => chunk.Bytes) / steps);

    public void Measure(Action reader, Action timeline)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long begun = Stopwatch.GetTimestamp();
        reader();
        long read = Stopwatch.GetTimestamp();
        timeline();
        long done = Stopwatch.GetTimestamp();
        _chunks.Add((Stopwatch.GetElapsedTime(begun, read), Stopwatch.GetElapsedTime(read, done), GC.GetAllocatedBytesForCurrentThread() - allocated));
    }
}
