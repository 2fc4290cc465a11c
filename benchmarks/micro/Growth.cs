using System.Diagnostics;
using System.Globalization;

namespace Observatory.Micro;

/// <summary>
/// How the cost of an event grows with what there may be more of, each over factors of ten and alone; simulated, so that a machine
/// of two CPUs can say what 128 would cost.
/// </summary>
internal static class Growth
{
    /// <summary>How often the pump looks at most.</summary>
    private const int VisitsPerSecond = 20;

    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(400);

    public static void Print()
    {
        (string Axis, string What, int[] Values, Func<int, Cost> Measure)[] axes =
        [
            ("events a second", "foreign switch", [50, 500, 5_000, 50_000], rate => Foreign(cpus: 2, Math.Max(1, rate / VisitsPerSecond))),
            ("CPUs", "foreign switch", [2, 8, 32, 128], cpus => Foreign(cpus, 1_000)),
            ("CPUs", "switch between own threads", [2, 8, 32, 128], OwnShare),
            ("threads of the target", "own switch", [10, 100, 1_000, 10_000], threads => Own(threads, unitsOpen: 0)),
            ("units in flight", "own switch", [1, 10, 100, 1_000], units => Own(Math.Max(units, 10), units)),
            ("configurations", "iteration", [1, 10, 100, 1_000], Iterations),
            ("configurations", "scrape", [1, 10, 100, 1_000], Scrape),
        ];
        Console.WriteLine("| more | cost of | at | reader | timeline | allocated |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|");
        foreach ((string axis, string what, int[] values, Func<int, Cost> measure) in axes)
        {
            measure(values[0]);
            foreach (int value in values)
            {
                Cost cost = measure(value);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {axis} | {what} | {value} | {Time(cost.Reader)} | {Time(cost.Timeline)} | {cost.Bytes:F0} B |"));
            }
        }
    }

    private static string Time(double nanoseconds) => nanoseconds switch
    {
        0 => "-",
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:F0} ns"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:F2} ms"),
    };

    private static Cost Foreign(int cpus, int chunk)
    {
        using var machine = new ObservedMachine(cpus, recorder: true);
        return Repeat(machine, chunk, chunk, _ => machine.Foreign());
    }

    private static Cost OwnShare(int cpus)
    {
        using var machine = new ObservedMachine(cpus, recorder: true);
        return Repeat(machine, 1_000, 1_000, _ => machine.OwnAmongThemselves());
    }

    private static Cost Own(int threads, int unitsOpen)
    {
        using var machine = new ObservedMachine(2, recorder: true, threads);
        for (int unit = 0; unit < unitsOpen; unit++) machine.Begin(unit);
        int next = 0;
        return Repeat(machine, 1_000, 2_000, _ => machine.Own(next = (next + 1) % threads));
    }

    private static Cost Iterations(int configurations)
    {
        using ObservedMachine machine = Declared(configurations);
        int next = 0;
        return Repeat(machine, 1_000, 1_000, _ => machine.Iterate(next = (next + 1) % configurations)) with { Reader = 0 };
    }

    private static Cost Scrape(int configurations)
    {
        using ObservedMachine machine = Declared(configurations);
        using var client = new HttpClient();
        var best = new Fastest(1);
        while (best.Chunks < 5)
        {
            for (int i = 0; i < Math.Max(1_000, 2 * configurations); i++) machine.Iterate(i % configurations);
            machine.Drain();
            machine.Visit();
            // The exporter gives the same answer again for 0.3 s.
            Task.Delay(400).Wait();
            best.Measure(() => { }, () => client.GetByteArrayAsync(machine.Address).GetAwaiter().GetResult());
        }

        return best.Cost with { Reader = 0 };
    }

    private static ObservedMachine Declared(int configurations)
    {
        var machine = new ObservedMachine(2, recorder: true);
        for (int index = 0; index < configurations; index++) machine.Declare(index);
        machine.Begin();
        machine.End();
        return machine;
    }

    private static Cost Repeat(ObservedMachine machine, int chunk, int steps, Action<int> step)
    {
        var best = new Fastest(steps);
        for (long begun = Stopwatch.GetTimestamp(); best.Chunks < 30 || Stopwatch.GetElapsedTime(begun) < Least;)
        {
            for (int i = 0; i < chunk; i++) step(i);
            best.Measure(machine.Drain, machine.Visit);
        }

        return best.Cost;
    }
}
