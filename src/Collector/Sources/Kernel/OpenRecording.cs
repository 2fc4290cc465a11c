using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>A recording and what it can show.</summary>
/// <param name="Recording">Not enabled yet.</param>
/// <param name="Faults">Page faults of the target's threads, beside it; null where the recording has them itself, or cannot.</param>
/// <param name="Tier">One of <see cref="Tiers"/>.</param>
/// <param name="Detail">How it was opened, or why at no higher tier; for people.</param>
internal sealed record OpenRecording(
    ISchedulerRecording Recording, ISchedulerRecording? Faults, string Tier, string Detail) : IDisposable
{
    /// <summary>True when each thread has a ring of its own, instead of each CPU.</summary>
    public bool IsPerThread => Tier == Tiers.Thread;

    /// <summary>Everything that has to be drained.</summary>
    public IEnumerable<ISchedulerRecording> All => Faults is null ? [Recording] : [Recording, Faults];

    public void Dispose()
    {
        foreach (ISchedulerRecording recording in All) recording.Dispose();
    }
}
