namespace Observatory.Workload;

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
