using System.Text.Json.Serialization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Observatory.Kernel;

namespace Observatory.TruthTarget;

/// <summary>
/// The kernel's counters of the thread that made it. The files are opened once and nothing is allocated by a reading,
/// so that looking changes little.
/// </summary>
internal sealed class ThreadBooks : IDisposable
{
    private readonly SafeFileHandle _schedule = File.OpenHandle("/proc/thread-self/schedstat");
    private readonly SafeFileHandle _status = File.OpenHandle("/proc/thread-self/status");
    private readonly SafeFileHandle _stat = File.OpenHandle("/proc/thread-self/stat");
    private readonly byte[] _bytes = new byte[8192];
    private readonly char[] _text = new char[8192];

    /// <summary>Reads only what changes with the schedule: cheap, and exact for the instant it returns.</summary>
    public ThreadCounters ReadSchedule()
    {
        if (!ThreadSchedule.TryParse(Read(_schedule), out ThreadSchedule schedule)) throw Malformed("schedstat");
        return new ThreadCounters(
            MonotonicClock.NowNanoseconds(), ThreadCpuClock.NowNanoseconds(), schedule.Waiting, schedule.Slices, 0, 0, 0, 0);
    }

    /// <summary>Reads everything.</summary>
    public ThreadCounters ReadAll()
    {
        if (!ContextSwitchCounts.TryParse(Read(_status), out long voluntary, out long involuntary)) throw Malformed("status");
        (long minor, long major) = Faults(Read(_stat));
        return ReadSchedule() with
        {
            Voluntary = voluntary, Involuntary = involuntary, MinorFaults = minor, MajorFaults = major,
        };
    }

    public void Dispose()
    {
        _schedule.Dispose();
        _status.Dispose();
        _stat.Dispose();
    }

    /// <summary>minflt and majflt: the tenth and the twelfth field; the second, a name, may hold spaces (proc_pid_stat(5)).</summary>
    private static (long Minor, long Major) Faults(ReadOnlySpan<char> stat)
    {
        ReadOnlySpan<char> rest = stat[(stat.LastIndexOf(')') + 2)..];
        Span<Range> fields = stackalloc Range[12];
        rest.Split(fields, ' ');
        return (long.Parse(rest[fields[7]]), long.Parse(rest[fields[9]]));
    }

    private ReadOnlySpan<char> Read(SafeFileHandle file)
    {
        int length = RandomAccess.Read(file, _bytes, 0);
        return _text.AsSpan(0, Encoding.ASCII.GetChars(_bytes.AsSpan(0, length), _text));
    }

    private static InvalidDataException Malformed(string file) => new($"/proc/thread-self/{file} is not as proc(5) says");
}

/// <summary>What the kernel counts for one thread, at an instant or between two. Times are nanoseconds.</summary>
/// <param name="At">CLOCK_MONOTONIC.</param>
/// <param name="Cpu">The thread's CPU clock.</param>
/// <param name="Waited">Time it was runnable without a CPU (schedstat's run_delay).</param>
/// <param name="Slices">Times it came onto a CPU (schedstat's pcount).</param>
/// <param name="Voluntary">Switches by which it gave its CPU up.</param>
/// <param name="Involuntary">Switches by which it lost its CPU.</param>
/// <param name="MinorFaults">Page faults without I/O.</param>
/// <param name="MajorFaults">Page faults with I/O.</param>
internal readonly record struct ThreadCounters(
    long At, long Cpu, long Waited, long Slices, long Voluntary, long Involuntary, long MinorFaults, long MajorFaults)
{
    /// <summary>What was counted since an earlier instant.</summary>
    public ThreadCounters Since(in ThreadCounters before) => new(
        At - before.At,
        Cpu - before.Cpu,
        Waited - before.Waited,
        Slices - before.Slices,
        Voluntary - before.Voluntary,
        Involuntary - before.Involuntary,
        MinorFaults - before.MinorFaults,
        MajorFaults - before.MajorFaults);
}

/// <summary>
/// One iteration as the kernel's counters have it, read just inside its two marks and just outside: what an observer
/// says about the time between the marks must lie between the two.
/// </summary>
internal sealed record IterationTruth(long Iteration, ThreadCounters Inside, ThreadCounters Outside);

/// <summary>The last line.</summary>
internal sealed record Written(long IterationsWritten);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IterationTruth))]
[JsonSerializable(typeof(Written))]
internal sealed partial class TruthJsonContext : JsonSerializerContext;
