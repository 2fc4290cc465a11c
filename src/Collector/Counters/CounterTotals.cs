using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>What groups of counters counted in the iterations of a configuration, added up. Not thread-safe.</summary>
internal sealed class CounterTotals
{
    private const string Cycles = "cycles";
    private const string Instructions = "instructions";

    private long?[] _sums = [];
    private double _shares;

    /// <summary>Name of the set; null while nothing was counted.</summary>
    public string? Set { get; private set; }

    /// <summary>Names of its counters.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>Sums, in the order of <see cref="Names"/>; null for a counter that the machine lacks.</summary>
    public IReadOnlyList<long?> Sums => _sums;

    /// <summary>Iterations that were counted.</summary>
    public long Iterations { get; private set; }

    /// <summary>Mean of their counted shares, 0 to 1; 1 when no counter was ever shared.</summary>
    public double CountedShare => Iterations == 0 ? 0 : _shares / Iterations;

    /// <summary>Instructions per cycle; null where they were not counted.</summary>
    public double? InstructionsPerCycle =>
        SumOf(Instructions) is { } instructions && SumOf(Cycles) is > 0 and { } cycles ? (double)instructions / cycles : null;

    public void Add(CountedEvents? counted)
    {
        if (counted is null) return;
        if (Set is null) _sums = new long?[counted.Values.Count];
        (Set, Names) = (counted.Set, counted.Names);
        for (int i = 0; i < _sums.Length; i++)
            if (counted.Values[i] is { } value) _sums[i] = (_sums[i] ?? 0) + value;
        Iterations++;
        _shares += counted.CountedShare;
    }

    public CounterTotals Copy() =>
        new() { _sums = [.. _sums], _shares = _shares, Set = Set, Names = Names, Iterations = Iterations };

    private long? SumOf(string name)
    {
        for (int i = 0; i < Names.Count; i++)
            if (Names[i] == name) return _sums[i];
        return null;
    }
}
