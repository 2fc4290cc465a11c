using System.Diagnostics;

namespace Observatory.Workload;

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
