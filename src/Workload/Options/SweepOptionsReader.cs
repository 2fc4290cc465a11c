using System.Net;
using Observatory.Hosting;

namespace Observatory.Workload.Options;

/// <summary>Reads and checks every setting, and knows the defaults: the study of 32 configurations.</summary>
internal static class SweepOptionsReader
{
    /// <summary>More threads than this is a slip: libtorch would create them all.</summary>
    private const int MostThreads = 1024;

    /// <exception cref="UsageException">A setting has a value it cannot have.</exception>
    public static SweepOptions Read(SettingLayers layers) => new()
    {
        Batches = Sizes(layers, SettingKeys.Batches, [8, 16, 32, 64]),
        Sequences = Sizes(layers, SettingKeys.Sequences, [512, 1024]),
        Dims = Sizes(layers, SettingKeys.Dims, [128, 256, 512, 1024]),
        Iterations = Number(layers, SettingKeys.Iterations, 1, int.MaxValue) ?? 3,
        Warmup = Number(layers, SettingKeys.Warmup, 0, int.MaxValue) ?? 1,
        Threads = Number(layers, SettingKeys.Threads, 1, MostThreads),
        Seed = Number(layers, SettingKeys.Seed, 0, int.MaxValue) ?? 1,
        Order = layers.Find(SettingKeys.Order) is { } order ? SettingText.Order(order) : SweepOrder.Shuffled,
        Once = Flag(layers, SettingKeys.Once),
        Duration = layers.Find(SettingKeys.Duration) is { } duration ? SettingText.Duration(duration) : null,
        Endpoint = Endpoint(layers),
        UntilStdinCloses = Flag(layers, SettingKeys.UntilStdinCloses),
        Quiet = Flag(layers, SettingKeys.Quiet),
        Json = Flag(layers, SettingKeys.Json),
        Results = layers.Find(SettingKeys.Results)?.Text,
    };

    private static IPEndPoint? Endpoint(SettingLayers layers)
    {
        IPAddress address = layers.Find(SettingKeys.Listen) is { } listen
            ? SettingText.Address(listen)
            : IPAddress.Loopback;
        int port = Number(layers, SettingKeys.Port, IPEndPoint.MinPort, IPEndPoint.MaxPort) ?? 9464;
        return Flag(layers, SettingKeys.NoMetrics) ? null : new IPEndPoint(address, port);
    }

    private static IReadOnlyList<int> Sizes(SettingLayers layers, SettingKey key, int[] otherwise) =>
        layers.Find(key) is { } setting ? SettingText.Sizes(setting) : otherwise;

    private static int? Number(SettingLayers layers, SettingKey key, int least, int most) =>
        layers.Find(key) is { } setting ? SettingText.Number(setting, least, most) : null;

    private static bool Flag(SettingLayers layers, SettingKey key) =>
        layers.Find(key) is { } setting && SettingText.Flag(setting);
}
