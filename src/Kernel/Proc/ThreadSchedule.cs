namespace Observatory.Kernel;

/// <summary>How long a thread has run and has waited for a CPU since it began; /proc/PID/task/TID/schedstat.</summary>
/// <param name="Running">Nanoseconds on a CPU.</param>
/// <param name="Waiting">Nanoseconds runnable without a CPU.</param>
/// <param name="Slices">Times it came onto a CPU.</param>
/// <remarks>Documentation/scheduler/sched-stats.rst. Readable by every uid.</remarks>
public readonly record struct ThreadSchedule(long Running, long Waiting, long Slices)
{
    /// <summary>Parses the file's text, three numbers.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ThreadSchedule schedule)
    {
        schedule = default;
        Span<Range> parts = stackalloc Range[4];
        text = text.Trim();
        if (text.Split(parts, ' ', StringSplitOptions.RemoveEmptyEntries) != 3) return false;
        if (!long.TryParse(text[parts[0]], out long running)) return false;
        if (!long.TryParse(text[parts[1]], out long waiting)) return false;
        if (!long.TryParse(text[parts[2]], out long slices)) return false;
        schedule = new ThreadSchedule(running, waiting, slices);
        return true;
    }

    /// <summary>Reads a thread's schedule.</summary>
    /// <returns>False when the thread is gone.</returns>
    public static bool TryRead(int processId, int threadId, out ThreadSchedule schedule, string procRoot = "/proc")
    {
        schedule = default;
        return KernelText.TryRead($"{procRoot}/{processId}/task/{threadId}/schedstat", out string text)
            && TryParse(text, out schedule);
    }
}
