namespace Observatory.Study;

/// <summary>One of the three sizes.</summary>
internal enum Axis
{
    Batch,
    Sequence,
    Dim,
}

/// <summary>What an axis is of a configuration.</summary>
internal static class Axes
{
    public static readonly IReadOnlyList<Axis> All = [Axis.Batch, Axis.Sequence, Axis.Dim];

    public static string Name(this Axis axis) => axis switch
    {
        Axis.Batch => "batch",
        Axis.Sequence => "sequence",
        _ => "dim",
    };

    public static long SizeOf(this Axis axis, ConfigurationKey key) => axis switch
    {
        Axis.Batch => key.Batch,
        Axis.Sequence => key.Sequence,
        _ => key.Dim,
    };

    /// <summary>More than one value of it occurs.</summary>
    public static bool Varies(this Axis axis, IEnumerable<ConfigurationKey> keys) =>
        keys.Select(key => axis.SizeOf(key)).Distinct().Skip(1).Any();

    /// <summary>All but the size along the axis: configurations that share it differ in that alone.</summary>
    public static ConfigurationKey Others(this Axis axis, ConfigurationKey key) => axis switch
    {
        Axis.Batch => key with { Batch = 0 },
        Axis.Sequence => key with { Sequence = 0 },
        _ => key with { Dim = 0 },
    };
}
