using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// Finds threads that take the id of their process's main thread because they run a new program (execve(2)). They are on a CPU
/// then, and no switch tells of it: the next one would not follow, as if records were missing.
/// </summary>
/// <remarks>
/// In de_thread() of fs/exec.c the thread waits until the main thread has ended (PERF_RECORD_EXIT) and takes its id; then the
/// memory of the old program is given back, and PERF_RECORD_COMM tells the new name. Where the thread leaves its CPU before
/// that, the switch is the first record of its new id: that of a main thread which has told its end, on a CPU that another
/// thread of the process holds. The record of that end may stand in a ring that is read later.
/// <para>
/// Of some threads a kernel writes no switches at all (seen of a virtual machine's first process), and none of a child of theirs until it runs
/// a program of its own: it is on a CPU then that no thread is known to have.
/// </para>
/// </remarks>
internal sealed class ExecFollower
{
    /// <summary>As many as a kernel can be built for; a damaged record may have any number.</summary>
    private const int MostCpus = 1 << 13;

    /// <summary>The thread that waits for an end takes the id within a few switches of it.</summary>
    private const int MostEnded = 1 << 10;

    /// <summary>In the place of a thread on a CPU that the last one has left.</summary>
    private static readonly (int Process, int Thread) s_none = (-2, -2);

    private readonly (int Thread, long At)[] _ended = new (int, long)[MostEnded];
    private readonly List<(int Process, long At)> _supposed = [];
    private int _nextEnded;

    // The thread on each CPU; one that is not known where that is the default.
    private (int Process, int Thread)[] _holders = [];

    /// <summary>A thread left a CPU.</summary>
    public void Leave(int cpu) => Hold(cpu, s_none);

    /// <summary>True when the last thread has left a CPU and none is known to have come.</summary>
    public bool IsLeft(int cpu) => (uint)cpu < _holders.Length && _holders[cpu] == s_none;

    /// <summary>A thread came to a CPU. Numbers of rings that are none of CPUs are not kept.</summary>
    public void Hold(int cpu, (int Process, int Thread) holder)
    {
        if ((uint)cpu >= MostCpus) return;
        if (cpu >= _holders.Length) Array.Resize(ref _holders, Math.Max(64, cpu + 1));
        _holders[cpu] = holder;
    }

    /// <summary>Records are missing: who is on the CPUs is not known.</summary>
    public void Forget() => Array.Clear(_holders);

    /// <summary>The thread that has been on a CPU until now, where a record of it names the main thread of the same process; else 0.</summary>
    public int PredecessorOf(int process, int thread, int cpu)
    {
        if (process != thread || (uint)cpu >= _holders.Length) return 0;
        (int holder, int before) = _holders[cpu];
        return holder == process && before > 0 && before != thread ? before : 0;
    }

    /// <summary>A switch showed the new id: proven only by the main thread's end before it.</summary>
    public void Suppose(int process, Timestamp at) => _supposed.Add((process, at.Nanoseconds));

    /// <summary>A thread has told its end.</summary>
    public void End(int process, int thread, Timestamp at)
    {
        if (process != thread) return;
        _ended[_nextEnded] = (thread, at.Nanoseconds);
        _nextEnded = (_nextEnded + 1) % MostEnded;
    }

    /// <summary>A process began, perhaps with an id that another one had.</summary>
    public void Begin(int process)
    {
        // A process that ran a new program has told the end of its main thread twice.
        foreach (ref (int Thread, long At) ended in _ended.AsSpan())
        {
            if (ended.Thread == process) ended = default;
        }
    }

    /// <summary>Looks for the proofs of what was supposed.</summary>
    /// <param name="readTo">All rings have been read up to here.</param>
    /// <param name="isRefuted">True where there is none: records are missing.</param>
    /// <returns>True when nothing is left that a record which was not read yet may prove.</returns>
    public bool IsSettled(Timestamp readTo, out bool isRefuted)
    {
        isRefuted = false;
        if (_supposed.Count == 0) return true;
        _supposed.RemoveAll(one => _ended.Any(ended => ended.Thread == one.Process && ended.At <= one.At));
        isRefuted = _supposed.RemoveAll(one => one.At < readTo.Nanoseconds) > 0;
        return _supposed.Count == 0;
    }
}
