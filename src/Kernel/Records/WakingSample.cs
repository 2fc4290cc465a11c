namespace Observatory.Kernel;

/// <summary>A sched_waking sample as the kernel wrote it: ids of two namespaces side by side.</summary>
/// <param name="Waker">The waking thread, in the opener's pid namespace.</param>
/// <param name="InitialWakerId">The waking thread again, in the initial pid namespace.</param>
/// <param name="IsInterrupt">An interrupt, hard or soft, was served on the CPU.</param>
/// <param name="InitialWokenId">The woken thread, in the initial pid namespace.</param>
internal readonly record struct WakingSample(SampleId Waker, int InitialWakerId, bool IsInterrupt, int InitialWokenId);
