namespace Observatory.Timeline;

/// <summary>The state machine of one thread. Each method returns what the time since the last change really was.</summary>
/// <remarks>
/// <code>
///              preempted           in
///   Running ---------------> Preempted ---> Running
///      |  out               waking      in
///      +-------> Blocked ----------> Waking ---> Running
///                   |        in
///                   +---------------> Running     (the wake-up came before the thread had left its CPU:
///                                                  it was runnable all the time, so that slice was Waking)
///   any --- Lose ---> Unknown --- a switch, or an event of the thread's own ---> known again
/// </code>
/// What does not follow (in while running, out or an event of its own while not) proves that a switch is missing: the
/// time since the last change was <see cref="ThreadState.Unknown"/>.
/// A wake-up of a thread that is not blocked changes nothing: the kernel also wakes threads that are about to sleep.
/// </remarks>
internal sealed class ThreadTrack
{
    /// <summary>What the thread is doing now.</summary>
    public ThreadState State { get; private set; }

    /// <summary>Since when.</summary>
    public Timestamp Since { get; private set; }

    /// <summary>The CPU it runs on; only meaningful while <see cref="ThreadState.Running"/>.</summary>
    public int Cpu { get; private set; } = -1;

    public ThreadState SwitchIn(Timestamp at, int cpu)
    {
        ThreadState ended = State switch
        {
            ThreadState.Blocked => ThreadState.Waking,
            ThreadState.Running => ThreadState.Unknown,
            _ => State,
        };
        Cpu = cpu;
        Change(ThreadState.Running, at);
        return ended;
    }

    public ThreadState SwitchOut(Timestamp at, int cpu, bool preempted)
    {
        bool follows = State == ThreadState.Running && (Cpu < 0 || Cpu == cpu);
        Change(preempted ? ThreadState.Preempted : ThreadState.Blocked, at);
        return follows ? ThreadState.Running : ThreadState.Unknown;
    }

    public ThreadState Wake(Timestamp at) => State == ThreadState.Blocked ? Change(ThreadState.Waking, at) : State;

    /// <summary>The thread itself told something, so it is on a CPU. Which one is not known.</summary>
    public ThreadState Prove(Timestamp at)
    {
        if (State == ThreadState.Running || (State != ThreadState.Unknown && Since == at)) return State;
        Change(ThreadState.Running, at);
        return ThreadState.Unknown;
    }

    public ThreadState Lose(Timestamp at) => Change(ThreadState.Unknown, at);

    private ThreadState Change(ThreadState next, Timestamp at)
    {
        ThreadState ended = State;
        if (next != ThreadState.Running) Cpu = -1;
        State = next;
        Since = at;
        return ended;
    }
}
