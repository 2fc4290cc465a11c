namespace Observatory.Kernel;

/// <summary>How often one thread has left its CPU since it began.</summary>
/// <param name="ThreadId">The thread, in the pid namespace of the /proc that was read.</param>
/// <param name="Voluntary">Times it gave the CPU up, to wait.</param>
/// <param name="Involuntary">Times it lost the CPU while it wanted to go on.</param>
public readonly record struct ThreadSwitchCount(int ThreadId, long Voluntary, long Involuntary);
