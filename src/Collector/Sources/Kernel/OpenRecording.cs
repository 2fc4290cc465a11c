using Observatory.Kernel;

namespace Observatory.Collector.Sources.Kernel;

/// <summary>A recording and what it can show.</summary>
/// <param name="Recording">Not enabled yet.</param>
/// <param name="Tier">One of <see cref="Tiers"/>.</param>
/// <param name="Detail">How it was opened, or why at no higher tier; for people.</param>
internal sealed record OpenRecording(ISchedulerRecording Recording, string Tier, string Detail)
{
    /// <summary>True when each thread has a ring of its own, instead of each CPU.</summary>
    public bool IsPerThread => Tier == Tiers.Thread;
}
