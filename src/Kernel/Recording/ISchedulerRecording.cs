using System.Diagnostics;

namespace Observatory.Kernel;

/// <summary>A running recording of context switches, of whatever extent the rights allow.</summary>
/// <remarks>
/// <see cref="Wait"/>, <see cref="Drain"/> and <see cref="Refresh"/> belong to one thread, the counters may be read
/// from any. Dispose after that thread has left them.
/// </remarks>
public interface ISchedulerRecording : IDisposable
{
    /// <summary>Records that the kernel said it lost, as far as drained.</summary>
    long LostTotal { get; }

    /// <summary>Records that could not be understood, and rings that had to be skipped to their head.</summary>
    long MalformedTotal { get; }

    /// <summary>
    /// CPUs, or threads of a <see cref="ThreadRecording"/>, that run unrecorded because the kernel refused their rings, for want
    /// of locked memory or descriptors; as of the last <see cref="Refresh"/>, which asks again.
    /// </summary>
    int Unrecorded { get; }

    /// <summary>Starts recording.</summary>
    /// <exception cref="KernelAccessException">The kernel refused.</exception>
    void Enable();

    /// <summary>Stops recording; what the rings hold can still be drained.</summary>
    void Disable();

    /// <summary>Waits until a ring is a quarter full; poll(2).</summary>
    /// <param name="timeout">Rounded up to milliseconds; negative waits without limit.</param>
    /// <returns>True when a ring passed its watermark; false after the timeout or a signal.</returns>
    bool Wait(TimeSpan timeout);

    /// <summary>Hands over what the rings hold, ring by ring; between rings records must be merged by time.</summary>
    /// <returns>Records read, those of unknown types included.</returns>
    long Drain(ISchedulerRecordHandler handler);

    /// <summary>Losses as the kernel counts them (Linux 6.0); -1 where it does not.</summary>
    long ReadKernelLostTotal();

    /// <summary>
    /// True when the kernel has counted losses that no drained record has told yet. Costs nothing while no ring is nearly
    /// full. For the thread that drains.
    /// </summary>
    bool HasUntoldLoss { get; }

    /// <summary>Takes in what began to exist since: threads, or CPUs that came online.</summary>
    /// <returns>
    /// True when something ran unrecorded since the refresh before and is recorded from now on; threads of a
    /// <see cref="ThreadRecording"/> are listed there instead.
    /// </returns>
    /// <exception cref="KernelAccessException">Something new may not be recorded.</exception>
    bool Refresh();
}

/// <summary>Waiting for more than one recording.</summary>
public static class RecordingWait
{
    /// <summary>Waits until a ring of any of them is a quarter full; poll(2).</summary>
    /// <param name="recordings">What is drained by the calling thread.</param>
    /// <param name="timeout">Rounded up to milliseconds.</param>
    /// <returns>True when a ring passed its watermark; false after the timeout or a signal.</returns>
    public static bool ForAny(IReadOnlyList<ISchedulerRecording> recordings, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(recordings);
        if (recordings is [var only]) return only.Wait(timeout);
        IPolledRecording[] polled = [.. recordings.Cast<IPolledRecording>()];
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            TimeSpan left = timeout - Stopwatch.GetElapsedTime(begun);
            bool isReadable = RingPoll.Wait([.. polled.Select(recording => recording.Polls)], left > TimeSpan.Zero ? left : TimeSpan.Zero);
            bool hasEnded = false;
            foreach (IPolledRecording recording in polled) hasEnded |= recording.TakePolled();
            // What a thread that has ended left in its ring can wait for what is due.
            if (isReadable || !hasEnded || left <= TimeSpan.Zero) return isReadable;
        }
    }
}

/// <summary>A recording that is waited for together with others.</summary>
internal interface IPolledRecording
{
    /// <summary>What to wait for.</summary>
    PollRequest[] Polls { get; }

    /// <summary>Takes in what a wait has left in <see cref="Polls"/>.</summary>
    /// <returns>True when a thread has ended.</returns>
    bool TakePolled();
}
