namespace Observatory.Study;

/// <summary>
/// One run of a study: where it ran, how, and every raw sample. Written by <see cref="StudyResultsWriter"/>, read by
/// <see cref="StudyResultsReader"/>; <c>docs/results.md</c> describes each field. In JSON the names are in snake case,
/// and what is null is left out.
/// </summary>
public sealed record StudyResults
{
    /// <summary>What <c>schema</c> says in every file of this kind.</summary>
    public const string SchemaName = "observatory-results";

    /// <summary>The version written; it grows when a field changes its meaning or goes, not when one is added.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Always <see cref="SchemaName"/>.</summary>
    public string Schema { get; init; } = SchemaName;

    /// <summary>Always <see cref="CurrentVersion"/> in memory.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>When the run began, in UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Where it ran.</summary>
    public required MachineFingerprint Machine { get; init; }

    /// <summary>What the machine can do at most; null when that was not measured.</summary>
    public MachineLimits? Limits { get; init; }

    /// <summary>How it was run.</summary>
    public required RunSettings Run { get; init; }

    /// <summary>What was measured, in the listed order.</summary>
    public required IReadOnlyList<MeasuredConfiguration> Configurations { get; init; }

    /// <summary>What was to be measured and was not.</summary>
    public IReadOnlyList<LeftOutConfiguration> LeftOut { get; init; } = [];
}
