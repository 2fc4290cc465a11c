using System.Runtime.CompilerServices;

namespace Observatory.Timeline;

/// <summary>What a unit waited for while no thread worked on it: the operation that was under way.</summary>
public enum AwaitedFor
{
    /// <summary>No operation that is told of: a timer, a queue, a database, a file, or work of the program's own.</summary>
    Other,

    /// <summary>An outgoing HTTP call, outside of the operations below.</summary>
    Http,

    /// <summary>A look-up of a name.</summary>
    Dns,

    /// <summary>A connection of a socket.</summary>
    Connect,

    /// <summary>A TLS handshake.</summary>
    Tls,

    /// <summary>Not known, because events that tell of operations are missing.</summary>
    Unknown,
}

/// <summary>A duration for each <see cref="AwaitedFor"/>. Their total is exactly <see cref="AccountState.Awaiting"/> of the account.</summary>
[InlineArray(Length)]
public struct AwaitedTimes
{
    /// <summary>Number of kinds.</summary>
    public const int Length = 6;

    private long _first;

    /// <summary>Every kind, in the order of the enumeration.</summary>
    public static readonly AwaitedFor[] Kinds = Enum.GetValues<AwaitedFor>();

    /// <summary>Time of one kind.</summary>
    public Duration this[AwaitedFor kind]
    {
        readonly get => new(this[(int)kind]);
        set => this[(int)kind] = value.Nanoseconds;
    }

    /// <summary>Time of all kinds.</summary>
    public readonly Duration Total
    {
        get
        {
            long sum = 0;
            foreach (long nanoseconds in this) sum += nanoseconds;
            return new Duration(sum);
        }
    }

    /// <summary>Adds other times, kind by kind.</summary>
    public void Add(in AwaitedTimes other)
    {
        for (int i = 0; i < Length; i++) this[i] += other[i];
    }
}
