using System.Runtime.CompilerServices;

namespace Observatory.Timeline;

/// <summary>The states a unit's wall time is split into. They do not overlap and leave nothing out.</summary>
public enum AccountState
{
    /// <summary>Inside a suspension of the runtime, whatever the thread did in it. Takes precedence.</summary>
    Gc,

    /// <summary>On a CPU.</summary>
    Running,

    /// <summary>Wanted the CPU, lost it.</summary>
    Preempted,

    /// <summary>Was woken, waits for a CPU.</summary>
    Waking,

    /// <summary>Gave the CPU up, not yet woken.</summary>
    Blocked,

    /// <summary>Inside a loss: not known.</summary>
    Unknown,

    /// <summary>Ready, and no thread has taken it; only of a unit that moves between threads.</summary>
    Queued,

    /// <summary>No thread works for it, it waits for something to be done elsewhere; only of a unit that moves between threads.</summary>
    Awaiting,
}

/// <summary>What the two kinds of states have in common.</summary>
internal static class AccountStates
{
    /// <summary>The account's name for a thread's state.</summary>
    public static AccountState From(ThreadState state) => state switch
    {
        ThreadState.Running => AccountState.Running,
        ThreadState.Preempted => AccountState.Preempted,
        ThreadState.Waking => AccountState.Waking,
        ThreadState.Blocked => AccountState.Blocked,
        _ => AccountState.Unknown,
    };
}

/// <summary>A duration for each <see cref="AccountState"/>.</summary>
[InlineArray(Length)]
public struct StateTimes : IEquatable<StateTimes>
{
    /// <summary>Number of states.</summary>
    public const int Length = 8;

    /// <summary>The states a thread can be in come first.</summary>
    internal const int ThreadStates = 6;

    private long _first;

    /// <summary>The states that a thread can be in: all there are of an iteration.</summary>
    public static readonly AccountState[] States =
    [
        AccountState.Gc, AccountState.Running, AccountState.Preempted, AccountState.Waking, AccountState.Blocked, AccountState.Unknown,
    ];

    /// <summary>Every state, in the order of the enumeration: also those of a unit that no thread works on.</summary>
    public static readonly AccountState[] UnitStates = Enum.GetValues<AccountState>();

    /// <summary>Time in one state.</summary>
    public Duration this[AccountState state]
    {
        readonly get => new(this[(int)state]);
        set => this[(int)state] = value.Nanoseconds;
    }

    /// <summary>Time over all states.</summary>
    public readonly Duration Total
    {
        get
        {
            long sum = 0;
            foreach (long nanoseconds in this) sum += nanoseconds;
            return new Duration(sum);
        }
    }

    /// <summary>Adds the times of another account, state by state.</summary>
    public void Add(in StateTimes other)
    {
        for (int i = 0; i < Length; i++) this[i] += other[i];
    }

    /// <inheritdoc />
    public readonly bool Equals(StateTimes other) => ((ReadOnlySpan<long>)this).SequenceEqual(other);

    /// <inheritdoc />
    public override readonly bool Equals(object? obj) => obj is StateTimes other && Equals(other);

    /// <inheritdoc />
    public override readonly int GetHashCode() => Total.GetHashCode();

    public static bool operator ==(StateTimes left, StateTimes right) => left.Equals(right);
    public static bool operator !=(StateTimes left, StateTimes right) => !left.Equals(right);
}
