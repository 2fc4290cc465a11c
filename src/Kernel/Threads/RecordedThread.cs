namespace Observatory.Kernel;

/// <summary>A thread of a <see cref="ThreadRecording"/>.</summary>
/// <param name="ThreadId">The thread, in the opener's pid namespace.</param>
/// <param name="Since">
/// CLOCK_MONOTONIC nanoseconds: everything from then on is recorded. What it did at that instant no record says;
/// <see cref="ThreadInfo.State"/> does. 0 before the recording is enabled.
/// </param>
public readonly record struct RecordedThread(int ThreadId, long Since);
