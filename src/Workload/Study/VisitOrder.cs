namespace Observatory.Workload;

/// <summary>
/// Which configuration comes when. A pass in listed order would lay the drift of the machine over the sizes; a new
/// shuffle each pass spreads it over all of them. The same seed gives the same orders on every runtime.
/// </summary>
internal sealed class VisitOrder(SweepOrder order, int count, int seed)
{
    /// <summary>Indices 0 to count - 1, each once.</summary>
    /// <param name="pass">Number of the pass, from 0.</param>
    public int[] IndicesOf(long pass)
    {
        int[] indices = [.. Enumerable.Range(0, count)];
        if (order == SweepOrder.Shuffled) Shuffle(indices, StartOf(pass));
        return indices;
    }

    /// <summary>Mixing the seed first keeps pass 1 of seed 1 apart from pass 0 of seed 2.</summary>
    private ulong StartOf(long pass)
    {
        ulong state = (ulong)seed;
        return SplitMix64.Next(ref state) + (ulong)pass;
    }

    /// <summary>Fisher and Yates, as in Knuth, The Art of Computer Programming 2, 3.4.2, algorithm P.</summary>
    private static void Shuffle(int[] items, ulong state)
    {
        for (int last = items.Length - 1; last > 0; last--)
        {
            int chosen = (int)(SplitMix64.Next(ref state) % (ulong)(last + 1));
            (items[last], items[chosen]) = (items[chosen], items[last]);
        }
    }
}

/// <summary>
/// The SplitMix64 generator of Steele, Lea and Flood (OOPSLA 2014). <see cref="Random"/> does not promise the same
/// numbers from one runtime to the next; a study that is to be repeated needs them.
/// </summary>
internal static class SplitMix64
{
    public static ulong Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
