namespace Observatory.Study;

/// <summary>Samples that ran one after the other, with nothing else between them.</summary>
/// <param name="AtNs">When the first of them began, in nanoseconds since the run began.</param>
/// <param name="Samples">How many there are.</param>
public readonly record struct Visit(long AtNs, int Samples)
{
    /// <summary>
    /// Number of the first one in the process, as observers know it; the others follow without a gap. Null: not known.
    /// </summary>
    public long? FirstIteration { get; init; }
}
