using System.Runtime.CompilerServices;

namespace Observatory.Timeline;

/// <summary>The states an iteration's wall time is split into. They do not overlap and leave nothing out.</summary>
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
}

/// <summary>A duration for each <see cref="AccountState"/>.</summary>
[InlineArray(Length)]
public struct StateTimes : IEquatable<StateTimes>
{
    /// <summary>Number of states.</summary>
    public const int Length = 6;

    private long _first;

    /// <summary>Every state, in the order of the enumeration.</summary>
    public static readonly AccountState[] States = Enum.GetValues<AccountState>();

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
