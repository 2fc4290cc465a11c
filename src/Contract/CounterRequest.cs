namespace Observatory.Contract;

/// <summary>An observer's wish for counters. A new one each time somebody asks: what was refused before is then tried again.</summary>
/// <param name="set">Which.</param>
internal sealed class CounterRequest(CounterSet set)
{
    /// <summary>What the observer who asked last wants.</summary>
    public static volatile CounterRequest Latest = new(CounterSet.Hardware);

    /// <summary>Which counters.</summary>
    public CounterSet Set => set;
}
