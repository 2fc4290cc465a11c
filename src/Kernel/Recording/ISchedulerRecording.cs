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

    /// <summary>Takes in threads that began since; nothing to do where every thread is recorded anyway.</summary>
    void Refresh();
}
