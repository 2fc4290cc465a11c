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

    public static void Print()
    {
        (string Axis, string What, int[] Values, Func<int, Cost> Measure)[] axes =
        [
            ("events a second", "foreign switch", [50, 500, 5_000, 50_000], rate => Foreign(cpus: 2, Math.Max(1, rate / VisitsPerSecond))),
            ("CPUs", "foreign switch", [2, 8, 32, 128], cpus => Foreign(cpus, 1_000)),
            ("CPUs", "switch between own threads", [2, 8, 32, 128], OwnShare),
            ("threads of the target", "own switch", [10, 100, 1_000, 10_000], threads => Own(threads, unitsOpen: 0)),
            ("units in flight", "own switch", [1, 10, 100, 1_000], units => Own(units, units)),
            ("threads that wake each other in turn", "own switch", [1, 2, 4, 8, 16, 32], InTurn),
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

    private static Cost Foreign(int cpus, int chunk) =>
        Fastest.Of(() => new Switches(new(cpus, recorder: true), machine => machine.Foreign(), chunk: chunk));

    private static Cost OwnShare(int cpus) =>
        Fastest.Of(() => new Switches(new(cpus, recorder: true), machine => machine.OwnAmongThemselves()));

    private static Cost Own(int threads, int unitsOpen)
    {
        var observed = new ObservedMachine(2, recorder: true, threads);
        for (int unit = 0; unit < unitsOpen; unit++) observed.Begin(unit);
        int next = 0;
        return Fastest.Of(() => new Switches(observed, machine => machine.Own(next = (next + 1) % threads, ObservedMachine.Driving), perStep: 2, chunk: 2_000));
    }

    /// <summary>Each works on a unit and waits for all others: a chain of wake-ups as long as there are threads, which is followed as far as it is at all.</summary>
    private static Cost InTurn(int threads)
    {
        var observed = new ObservedMachine(2, recorder: true, threads);
        for (int thread = 0; thread < threads; thread++) observed.Begin(thread);
        int last = 0;
        return Fastest.Of(() => new Switches(observed, Next, perStep: 2, chunk: 2_000));

        void Next(ObservedMachine machine)
        {
            int next = (last + 1) % threads;
            machine.Own(next, threads == 1 ? ObservedMachine.Driving : ObservedMachine.First + last);
            last = next;
        }
    }

    private static Cost Iterations(int configurations)
    {
        var observed = new ObservedMachine(2, recorder: true);
        for (int index = 0; index < configurations; index++) observed.Declare(index);
        observed.Begin();
        observed.End();
        int next = 0;
        return Fastest.Of(() => new Switches(observed, machine => machine.Iterate(next = (next + 1) % configurations))) with { Reader = 0 };
    }

    private static Cost Scrape(int configurations) => Fastest.Of(() => new Scrape(configurations)) with { Reader = 0 };
}
