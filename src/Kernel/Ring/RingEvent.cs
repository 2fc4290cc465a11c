namespace Observatory.Kernel;

/// <summary>An event to open into a ring.</summary>
/// <param name="Attributes">What the kernel is asked for.</param>
/// <param name="What">What that is, for a refusal's message.</param>
internal readonly record struct RingEvent(PerfEventAttributes Attributes, string What);
