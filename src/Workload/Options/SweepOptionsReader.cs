using System.Net;
using Observatory.Hosting;

namespace Observatory.Workload;

/// <summary>Reads and checks every setting, and knows the defaults: the study of 32 configurations.</summary>
internal static class SweepOptionsReader
{
    /// <summary>On a noisy machine the wanted precision may never come; these two end the attempt.</summary>
    private const int MostPassesForPrecision = 30;

    /// <summary>Naming one of these asks for another study than a preset's.</summary>
    private static readonly SettingKey[] Sizes =
        [SettingKeys.Operation, SettingKeys.Batches, SettingKeys.Sequences, SettingKeys.Dims];

    private static readonly TimeSpan LongestForPrecision = TimeSpan.FromMinutes(12);

    /// <remarks>A preset's precision would end an endless sweep, so it holds for one with an end only.</remarks>
    /// <exception cref="UsageException">A setting has a value it cannot have.</exception>
    public static SweepOptions Read(SettingLayers written)
    {
        Setting? resume = written.Find(SettingKeys.Resume);
        ResumedRun? resumed = resume is { } name ? ResumedRun.Read(name, written) : null;
        Preset? preset = resumed is null ? written.Get(SettingKeys.Preset, null)?.Invoke() : null;
        SettingLayers layers = preset is not null ? written.With(preset.Layer)
            : resumed is not null ? written.Behind(resumed.Layer)
            : written;
        int? planned = resumed?.Results.Run.PlannedPasses;
        bool once = layers.Get(SettingKeys.Once, false) || planned is not null;
        double? precision = (once ? layers : written).GetOrNull(SettingKeys.Precision) ?? resumed?.Results.Run.Precision;
        Setting? results = layers.Find(SettingKeys.Results) ?? resume;
        return new SweepOptions
        {
            Preset = preset?.Name ?? resumed?.Results.Run.Preset,
            Operations = layers.Get(SettingKeys.Operation, [OperationFormulas.Linear]),
            Batches = layers.Get(SettingKeys.Batches, [8, 16, 32, 64]),
            Sequences = layers.Get(SettingKeys.Sequences, [512, 1024]),
            Dims = layers.Get(SettingKeys.Dims, [128, 256, 512, 1024]),
            Additional = preset is null || Sizes.Any(key => written.Find(key) is not null) ? [] : preset.Additional,
            Outputs = layers.Get(SettingKeys.Outputs, OutputMemory.Reused),
            Iterations = layers.Get(SettingKeys.Iterations, 3),
            Warmup = layers.Get(SettingKeys.Warmup, new WarmupChoice(1, UntilStable: false)),
            Precision = precision,
            Passes = layers.GetOrNull(SettingKeys.Passes) ?? planned ?? PassesOf(once, precision),
            Types = layers.Get(SettingKeys.Types, [ElementType.Float32]),
            Threads = layers.Get(SettingKeys.Threads, []),
            Seed = layers.Get(SettingKeys.Seed, 1),
            Order = layers.Get(SettingKeys.Order, SweepOrder.Shuffled),
            Once = once,
            Duration = layers.GetOrNull(SettingKeys.Duration) ?? DurationOf(once, precision),
            Limits = resumed?.Results.Limits is null && (once || results is not null) && !layers.Get(SettingKeys.NoLimits, false),
            Endpoint = Endpoint(layers),
            UntilStdinCloses = layers.Get(SettingKeys.UntilStdinCloses, false),
            Quiet = layers.Get(SettingKeys.Quiet, false),
            Json = layers.Get(SettingKeys.Json, false),
            Results = results,
            Resumed = resumed,
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
        layers.RequireNotBoth(SettingKeys.NoMetrics, SettingKeys.Listen);
        layers.RequireNotBoth(SettingKeys.NoMetrics, SettingKeys.Port);
        var endpoint = new IPEndPoint(layers.Get(SettingKeys.Listen, IPAddress.Loopback), layers.Get(SettingKeys.Port, 9464));
        return layers.Get(SettingKeys.NoMetrics, false) ? null : endpoint;
    }
}
