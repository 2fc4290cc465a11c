using Observatory.Kernel;
using System.Diagnostics;
using System.Globalization;
using Observatory.Study;
using static TorchSharp.torch;

namespace Observatory.Workload;

/// <summary>Measures what the machine can do at most, in about three seconds. For the driving thread.</summary>
internal static class LimitsProbe
{
    /// <summary>
    /// The limits of each number of threads and each element type that the plan has. Registers and memory are measured once
    /// for a number of threads: the multiply-adds are float32 ones, and bytes have no type.
    /// </summary>
    /// <param name="files">Say the size of the caches and how much memory is left.</param>
    /// <param name="plan">What is going to be measured.</param>
    public static IReadOnlyList<MachineLimits> Measure(CgroupFiles files, SweepPlan plan)
    {
        CpuCaches caches = CpuCaches.Read(files);
        List<MachineLimits> limits = [];
        foreach (int threads in plan.ThreadCounts.OrderDescending())
        {
            TorchSession.Use(threads);
            // Products first: the memory that they leave behind in the allocator would count as that of a configuration.
            (ElementType Type, double Flops)[] products =
                [.. plan.Points.Select(point => point.Type).Distinct().Order().Select(type => (type, GemmPeak.Measure(type)))];
            double? fma = FmaPeak.Measure(threads);
            double? bandwidth = TriadBandwidth.Measure(threads, caches.L3 ?? caches.L2, AvailableMemory.Read(files).Bytes);
            limits.AddRange(products.Select(product => new MachineLimits
            {
                Threads = threads,
                Dtype = product.Type.Name(),
                GemmFlopsPerSecond = product.Flops,
                FmaFlopsPerSecond = product.Type == ElementType.Float32 ? fma : null,
                BandwidthBytesPerSecond = bandwidth,
            }));
        }

        return limits;
    }

    /// <summary>Says them in the log.</summary>
    public static void Log(ILogger logger, IReadOnlyList<MachineLimits> measured)
    {
        foreach (MachineLimits limits in measured)
        {
            string of = measured.Count == 1
                ? ""
                : $" of {limits.Threads} {(limits.Threads == 1 ? "thread" : "threads")}, {limits.Dtype}";
            WorkloadLog.LimitsMeasured(
                logger,
                of,
                Text(limits.GemmFlopsPerSecond),
                Text(limits.FmaFlopsPerSecond),
                Text(limits.BandwidthBytesPerSecond));
        }
    }

    private static string Text(double? value) =>
        (value / 1e9)?.ToString("0.0", CultureInfo.InvariantCulture) ?? "not measured";
}

/// <summary>Floating point operations per second of the fastest square matrix product that libtorch was seen to make.</summary>
internal static class GemmPeak
{
    private static readonly long[] Sizes = [512, 1024, 2048];
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(0.4);

    /// <summary>On the calling thread and those that libtorch adds.</summary>
    public static double Measure(ElementType type)
    {
        double highest = 0;
        foreach (long size in Sizes)
        {
            double reached = Measure(size, TensorOperations.ScalarTypeOf(type));
            highest = Math.Max(highest, reached);
            // Without code for a type on this CPU, the next larger product could take a minute.
            if (Operations(size) / reached > Longest.TotalSeconds) break;
        }

        return highest;
    }

    private static double Measure(long size, ScalarType type)
    {
        using Tensor one = rand([size, size], type);
        using Tensor other = rand([size, size], type);
        long begin = Stopwatch.GetTimestamp();
        TimeSpan fastest = Time(one, other);
        while (Stopwatch.GetElapsedTime(begin) < Longest)
        {
            if (Time(one, other) is var taken && taken < fastest) fastest = taken;
        }

        return Operations(size) / fastest.TotalSeconds;
    }

    private static double Operations(long size) => 2.0 * size * size * size;

    private static TimeSpan Time(Tensor one, Tensor other)
    {
        long start = Stopwatch.GetTimestamp();
        one.mm(other).Dispose();
        return Stopwatch.GetElapsedTime(start);
    }
}

/// <summary>Runs the same work on several threads at once, round after round, and tells the fastest round.</summary>
/// <remarks>
/// Short rounds, and many: on a machine that others use too, some of them have all the CPUs they need. A limit is what
/// the machine can do, so the fastest counts.
/// </remarks>
internal static class ParallelRounds
{
    /// <param name="threads">How many threads.</param>
    /// <param name="longest">No further round begins after this time.</param>
    /// <param name="most">The most rounds.</param>
    /// <param name="prepare">What each thread does first, outside of all rounds. It takes the number of the thread, from 0.</param>
    /// <param name="work">What each does in a round; it takes the same number.</param>
    /// <returns>From the common beginning to the end of the last thread.</returns>
    public static TimeSpan Fastest(int threads, TimeSpan longest, int most, Action<int> prepare, Action<int> work)
    {
        long begin = 0;
        long start = 0;
        int rounds = 0;
        bool more = true;
        TimeSpan fastest = TimeSpan.MaxValue;
        using var together = new Barrier(threads, _ => RoundEnds());
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(Worker)];
        foreach (Thread worker in workers) worker.Start();
        foreach (Thread worker in workers) worker.Join();
        return fastest;

        Thread Worker(int thread) => new(() =>
        {
            prepare(thread);
            together.SignalAndWait();
            while (Volatile.Read(ref more))
            {
                work(thread);
                together.SignalAndWait();
            }
        })
        { Name = "limits", IsBackground = true };

        void RoundEnds()
        {
            long now = Stopwatch.GetTimestamp();
            if (begin == 0)
            {
                begin = start = now;
                return;
            }

            if (Stopwatch.GetElapsedTime(start, now) is var taken && taken < fastest) fastest = taken;
            rounds++;
            Volatile.Write(ref more, rounds < most && Stopwatch.GetElapsedTime(begin, now) < longest);
            start = Stopwatch.GetTimestamp();
        }
    }
}
