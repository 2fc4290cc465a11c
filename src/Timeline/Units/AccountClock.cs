namespace Observatory.Timeline;

/// <summary>
/// Splits the time of the timeline into three clocks of which one runs at a time: time in which the runtime's events
/// are missing, time inside a suspension, and the rest, which counts for the states of threads.
/// </summary>
/// <remarks>
/// Whatever happens between two instants, the counted time between them is one subtraction: neither a suspension nor a
/// loss has to visit the threads or the open units.
/// </remarks>
internal sealed class AccountClock
{
    private Timestamp _now = Timestamp.Zero;
    private Timestamp? _suspendedSince;

    /// <summary>Up to where time has passed.</summary>
    public Timestamp Now => _now;

    /// <summary>When time began to pass.</summary>
    public Timestamp Began { get; private set; } = Timestamp.Never;

    /// <summary>Time that counts for the states of threads.</summary>
    public Duration Counted { get; private set; }

    /// <summary>Time inside suspensions.</summary>
    public Duration Suspended { get; private set; }

    /// <summary>Time in which suspensions may be missing.</summary>
    public Duration Lost { get; private set; }

    /// <summary>Since when the runtime is suspended.</summary>
    public Timestamp? SuspendedSince => _suspendedSince;

    public AccountClock Copy() => (AccountClock)MemberwiseClone();

    /// <summary>Page faults of all threads of the target.</summary>
    public FaultCounts Faults { get; private set; }

    /// <summary>All of them at this instant.</summary>
    public Reading Read() => new(Counted, Suspended, Lost, Faults);

    /// <summary>A thread of the target touched pages that were not mapped.</summary>
    public void Count(FaultCounts faults) => Faults += faults;

    public void Advance(Timestamp now, bool runtimeLost)
    {
        if (Began == Timestamp.Never) _now = Began = now;
        Duration passed = now - _now;
        _now = now;
        if (runtimeLost) Lost += passed;
        else if (_suspendedSince is not null) Suspended += passed;
        else Counted += passed;
    }

    /// <summary>A suspension began, unless one lasts already.</summary>
    public void Suspend(Timestamp happened) => _suspendedSince ??= happened;

    /// <summary>The suspension is over. Returns its first instant, if it was seen.</summary>
    public Timestamp? Resume()
    {
        Timestamp? since = _suspendedSince;
        _suspendedSince = null;
        return since;
    }
}

/// <summary>All clocks at one instant: what passed between two instants is the difference of their readings.</summary>
/// <param name="Counted">Time that counts for the states of threads.</param>
/// <param name="Suspended">Time inside suspensions.</param>
/// <param name="Lost">Time in which suspensions may be missing.</param>
/// <param name="Faults">Page faults of all threads of the target.</param>
internal readonly record struct Reading(Duration Counted, Duration Suspended, Duration Lost, FaultCounts Faults)
{
    public static Reading operator -(in Reading later, in Reading earlier) => new(
        later.Counted - earlier.Counted,
        later.Suspended - earlier.Suspended,
        later.Lost - earlier.Lost,
        later.Faults - earlier.Faults);
}

/// <summary>Numbers of page faults.</summary>
/// <param name="Minor">Those that needed no disk.</param>
/// <param name="Major">Those that had to read from a disk.</param>
internal readonly record struct FaultCounts(long Minor, long Major)
{
    public static FaultCounts operator +(FaultCounts a, FaultCounts b) => new(a.Minor + b.Minor, a.Major + b.Major);
    public static FaultCounts operator -(FaultCounts a, FaultCounts b) => new(a.Minor - b.Minor, a.Major - b.Major);
}
