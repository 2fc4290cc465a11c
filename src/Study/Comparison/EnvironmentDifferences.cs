using System.Globalization;

namespace Observatory.Study;

/// <summary>What differs around two runs and could explain a difference between them.</summary>
internal static class EnvironmentDifferences
{
    private static readonly IReadOnlyList<(string Name, Func<StudyResults, object?> Value)> Compared =
    [
        ("machine", results => results.Machine.Id),
        ("CPU", results => results.Machine.Cpu),
        ("CPUs", results => results.Machine.Cores),
        ("CPU quota", results => results.Machine.CgroupCpus),
        ("memory limit", results => results.Machine.CgroupMemoryBytes),
        ("kernel", results => results.Machine.Kernel),
        ("governor", results => results.Machine.Governor),
        ("libtorch", results => results.Machine.Torch),
        (".NET", results => results.Machine.Runtime),
        ("seed", results => results.Run.Seed),
        ("order", results => results.Run.Order),
        ("outputs", results => results.Run.Outputs),
        ("warm-up", results => results.Run.Warmup),
        ("iterations of a visit", results => results.Run.Iterations),
    ];

    /// <summary>One for each thing that differs: <c>libtorch 2.9.0 and 2.10.0</c>.</summary>
    public static IReadOnlyList<string> Between(StudyResults before, StudyResults after) =>
    [
        .. from thing in Compared
           let first = Text(thing.Value(before))
           let second = Text(thing.Value(after))
           where first != second
           select $"{thing.Name} {first} and {second}",
    ];

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text
        ? text
        : "none";
}
