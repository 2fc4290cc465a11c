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
