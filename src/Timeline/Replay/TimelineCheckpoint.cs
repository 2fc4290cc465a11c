namespace Observatory.Timeline;

/// <summary>What a thread of the target was doing at a checkpoint.</summary>
/// <param name="Thread">Kernel thread id.</param>
/// <param name="Role">What it is there for.</param>
/// <param name="State">Its state, as far as it seemed.</param>
/// <param name="Since">Since when.</param>
/// <param name="Cpu">The CPU it is on, or else was on last (a <see cref="LossScope"/>'s value where threads have rings); -1 where that is not known.</param>
public readonly record struct ThreadNow(int Thread, ThreadRole Role, ThreadState State, Timestamp Since, int Cpu);

/// <summary>The thread that held a CPU at a checkpoint.</summary>
/// <param name="Cpu">The CPU.</param>
/// <param name="Thread">The holder; 0 when it was idle, <see cref="TimelineEvent.UnknownHolder"/> where it is not known.</param>
/// <param name="Since">Since when.</param>
public readonly record struct CpuNow(int Cpu, int Thread, Timestamp Since);

/// <summary>Losses of a scope that lasted at a checkpoint.</summary>
/// <param name="Scope">What is missing.</param>
/// <param name="Count">How many of them overlap.</param>
/// <param name="Why">Why.</param>
public readonly record struct LossNow(LossScope Scope, int Count, IncompleteReasons Why);

/// <summary>
/// The whole state of a timeline between two events: what a recording of the events that follow needs to be understood
/// alone. Immutable; a <see cref="TimelineReplay"/> starts from it.
/// </summary>
public sealed class TimelineCheckpoint
{
    private readonly AccountClock _clock;
    private readonly LossState _loss;
    private readonly UnidentifiedWakeUps _unidentified;
    private readonly ThreadTrack[] _tracks;

    internal TimelineCheckpoint(
        int process, bool seesWholeMachine, AccountClock clock, LossState loss, UnidentifiedWakeUps unidentified, IEnumerable<ThreadTrack> tracks, IEnumerable<CpuNow> cpus)
    {
        Process = process;
        SeesWholeMachine = seesWholeMachine;
        _clock = clock.Copy();
        _loss = loss.Copy();
        _unidentified = unidentified.Copy();
        _tracks = [.. tracks.Select(track => track.Copy())];
        Threads = [.. _tracks.Select(track => new ThreadNow(track.Id, track.Role, track.State, track.Since, track.State == ThreadState.Running ? track.Cpu : track.LastCpu))];
        Cpus = [.. cpus];
        Losses = [.. loss.Now];
    }

    /// <summary>The target.</summary>
    public int Process { get; }

    /// <summary>True where every thread has a number, so that 0 is the idle task.</summary>
    internal bool SeesWholeMachine { get; }

    /// <summary>The instant of the last event before it.</summary>
    public Timestamp At => _clock.Now;

    /// <summary>Every thread of the target.</summary>
    public IReadOnlyList<ThreadNow> Threads { get; }

    /// <summary>Every CPU that was heard of.</summary>
    public IReadOnlyList<CpuNow> Cpus { get; }

    /// <summary>Since when the runtime is suspended; null while it is not.</summary>
    public Timestamp? SuspendedSince => _clock.SuspendedSince;

    /// <summary>The losses that lasted.</summary>
    public IReadOnlyList<LossNow> Losses { get; }

    /// <summary>True while switches of a CPU, or of the ring of one thread, are missing.</summary>
    public bool Hides(int ring) => _loss.Hides(ring);

    internal AccountClock Clock() => _clock.Copy();

    internal LossState Loss() => _loss.Copy();

    internal UnidentifiedWakeUps Unidentified() => _unidentified.Copy();

    internal IEnumerable<ThreadTrack> Tracks() => _tracks.Select(track => track.Copy());
}
