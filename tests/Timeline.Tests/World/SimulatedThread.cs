namespace Observatory.Timeline.Tests;

/// <summary>A thread of the simulated world, and what it truly did at each nanosecond.</summary>
internal sealed class SimulatedThread(int id, int process, bool drives)
{
    public int Id => id;
    public int Process => process;
    public bool Drives => drives;
    public bool IsOfTarget => process == StoryLine.Target;

    /// <summary>What it does now; unknown while no thread has this id.</summary>
    public ThreadState State { get; set; }

    /// <summary>The CPU it runs on.</summary>
    public int Cpu { get; set; } = -1;

    /// <summary>The CPU it ran on last.</summary>
    public int LastCpu { get; set; } = -1;

    /// <summary>Woken while it was about to sleep: it leaves its CPU next and wants it back at once.</summary>
    public bool WokenTooEarly { get; set; }

    /// <summary>The iteration it has open.</summary>
    public long? Iteration { get; set; }

    /// <summary>Since when it has waited for a CPU, where it waits for one.</summary>
    public long WaitsSince { get; set; }

    /// <summary>When something last happened to it: one thread does not do two things at one instant.</summary>
    public long Touched { get; set; } = -1;

    /// <summary>Its state at each nanosecond.</summary>
    public List<ThreadState> Truth { get; } = [];
}

/// <summary>A sleep that was ended by a wake-up.</summary>
/// <param name="Thread">The thread that slept.</param>
/// <param name="From">First nanosecond.</param>
/// <param name="To">When it was woken.</param>
/// <param name="Waker">The thread that woke it.</param>
internal sealed record SimulatedSleep(int Thread, long From, long To, int Waker);
