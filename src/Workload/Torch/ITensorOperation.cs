namespace Observatory.Workload;

/// <summary>
/// A configuration with its input in memory, and its output where the library can write into one that is there already.
/// Disposing it gives the memory back.
/// </summary>
internal interface ITensorOperation : IDisposable
{
    /// <summary>Computes once. Nothing else stands in it: this is what is timed.</summary>
    void Forward();

    /// <summary>Gives back what <see cref="Forward"/> had to allocate.</summary>
    void Clear();
}
