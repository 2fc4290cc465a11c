using System.Net;
using Observatory.Hosting;

namespace Observatory.Workload;

/// <summary>Reads and checks every setting, and knows the defaults: the study of 32 configurations.</summary>
internal static class SweepOptionsReader
{
    /// <summary>More threads than this is a slip: libtorch would create them all.</summary>
    private const int MostThreads = 1024;

    /// <summary>On a noisy machine the wanted precision may never come; these two end the attempt.</summary>
    private const int MostPassesForPrecision = 30;

    /// <summary>Whoever names one of these wants another study than a preset's.</summary>
    private static readonly SettingKey[] Sizes =
        [SettingKeys.Operation, SettingKeys.Batches, SettingKeys.Sequences, SettingKeys.Dims];

    private static readonly TimeSpan LongestForPrecision = TimeSpan.FromMinutes(12);

    /// <remarks>A preset's precision would end an endless sweep, so it holds for one with an end only.</remarks>
    /// <exception cref="UsageException">A setting has a value it cannot have.</exception>
    public static SweepOptions Read(SettingLayers written)
    {
        Preset? preset = written.Find(SettingKeys.Preset) is { } name ? Preset.Parse(name) : null;
        SettingLayers layers = preset is null ? written : written.With(preset.Layer);
        bool once = Flag(layers, SettingKeys.Once);
        double? precision = (once ? layers : written).Find(SettingKeys.Precision) is { } percent
            ? SettingText.Percent(percent)
            : null;
        string? results = layers.Find(SettingKeys.Results)?.Text;
        return new SweepOptions
        {
            Preset = preset?.Name,
            Operations = layers.Find(SettingKeys.Operation) is { } operations
                ? SettingText.Operations(operations)
                : [OperationFormulas.Linear],
            Batches = SizesOf(layers, SettingKeys.Batches, [8, 16, 32, 64]),
            Sequences = SizesOf(layers, SettingKeys.Sequences, [512, 1024]),
            Dims = SizesOf(layers, SettingKeys.Dims, [128, 256, 512, 1024]),
            Additional = preset is null || Sizes.Any(key => written.Find(key) is not null) ? [] : preset.Additional,
            Outputs = layers.Find(SettingKeys.Outputs) is { } outputs ? SettingText.Outputs(outputs) : OutputMemory.Reused,
            Iterations = Number(layers, SettingKeys.Iterations, 1, int.MaxValue) ?? 3,
            Warmup = layers.Find(SettingKeys.Warmup) is { } warmup ? SettingText.Warmup(warmup) : new WarmupChoice(1, false),
            Precision = precision,
            Passes = Number(layers, SettingKeys.Passes, 1, int.MaxValue) ?? PassesOf(once, precision),
            Threads = Number(layers, SettingKeys.Threads, 1, MostThreads),
            Seed = Number(layers, SettingKeys.Seed, 0, int.MaxValue) ?? 1,
            Order = layers.Find(SettingKeys.Order) is { } order ? SettingText.Order(order) : SweepOrder.Shuffled,
            Once = once,
            Duration = layers.Find(SettingKeys.Duration) is { } duration ? SettingText.Duration(duration) : DurationOf(once, precision),
            Limits = (once || results is not null) && !Flag(layers, SettingKeys.NoLimits),
            Endpoint = Endpoint(layers),
            UntilStdinCloses = Flag(layers, SettingKeys.UntilStdinCloses),
            Quiet = Flag(layers, SettingKeys.Quiet),
            Json = Flag(layers, SettingKeys.Json),
            Results = results,
        };
    }

    private static TimeSpan? DurationOf(bool once, double? precision) =>
        once && precision is not null ? LongestForPrecision : null;

    private static int? PassesOf(bool once, double? precision) => (once, precision) switch
    {
        (false, _) => null,
        (true, null) => 1,
        (true, _) => MostPassesForPrecision,
    };

    private static IPEndPoint? Endpoint(SettingLayers layers)
    {
        IPAddress address = layers.Find(SettingKeys.Listen) is { } listen
            ? SettingText.Address(listen)
            : IPAddress.Loopback;
        int port = Number(layers, SettingKeys.Port, IPEndPoint.MinPort, IPEndPoint.MaxPort) ?? 9464;
        return Flag(layers, SettingKeys.NoMetrics) ? null : new IPEndPoint(address, port);
    }

    private static IReadOnlyList<int> SizesOf(SettingLayers layers, SettingKey key, int[] otherwise) =>
        layers.Find(key) is { } setting ? SettingText.Sizes(setting) : otherwise;

    private static int? Number(SettingLayers layers, SettingKey key, int least, int most) =>
        layers.Find(key) is { } setting ? SettingText.Number(setting, least, most) : null;

    private static bool Flag(SettingLayers layers, SettingKey key) =>
        layers.Find(key) is { } setting && SettingText.Flag(setting);
}
