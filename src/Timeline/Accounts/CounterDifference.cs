namespace Observatory.Timeline;

/// <summary>What the kernel counted for a driving thread between a reading just before an iteration and one just after.</summary>
/// <param name="Running">On a CPU.</param>
/// <param name="Waited">Runnable without a CPU: preempted, or woken and not on a CPU yet.</param>
/// <param name="VoluntarySwitches">Times it gave its CPU up.</param>
/// <param name="InvoluntarySwitches">Times it lost its CPU.</param>
/// <param name="MinorFaults">Page faults that needed no disk.</param>
/// <param name="MajorFaults">Page faults that had to read from a disk.</param>
public readonly record struct CounterDifference(
    Duration Running,
    Duration Waited,
    long VoluntarySwitches,
    long InvoluntarySwitches,
    long MinorFaults,
    long MajorFaults);
