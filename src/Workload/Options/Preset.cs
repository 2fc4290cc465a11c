using Observatory.Kernel;
using System.Globalization;
using Observatory.Hosting;

namespace Observatory.Workload;

/// <summary>Settings that belong together. They are defaults: what is set anywhere else comes first.</summary>
/// <param name="Name">As users give it.</param>
/// <param name="Defaults">By the name of the setting.</param>
internal sealed record Preset(string Name, IReadOnlyDictionary<string, string?> Defaults)
{
    /// <summary>Reads the name; what it stands for may still ask for more than the machine says.</summary>
    public static readonly ValueParser<Func<Preset>> Parser = Values.OneOf<Func<Preset>>(
        ("study", () => Study),
        ("long-context", () => LongContext),
        ("cache-ladder", () => CacheLadder(CpuCaches.Read(new CgroupFiles("/")))),
        ("quick", () => Quick));

    /// <summary>What is measured besides the product of the sizes.</summary>
    public IReadOnlyList<SweepGrid> Additional { get; init; } = [];

    public SettingLayer Layer => SettingLayer.Preset(Name, Defaults);

    /// <summary>
    /// The 32 configurations of the projection, and attention over sequences that double up to 32768 tokens, each measured
    /// until its median is known: everything that the claims are about.
    /// </summary>
    private static Preset Study => new("study", new Dictionary<string, string?>
    {
        [SettingKeys.Operation.Name] = "linear",
        [SettingKeys.Batches.Name] = "8,16,32,64",
        [SettingKeys.Sequences.Name] = "512,1024",
        [SettingKeys.Dims.Name] = "128,256,512,1024",
        [SettingKeys.Iterations.Name] = "3",
        [SettingKeys.Warmup.Name] = "auto",
        [SettingKeys.Precision.Name] = "5",
    })
    {
        Additional = [new SweepGrid([OperationFormulas.Attention], [1], [1024, 2048, 4096, 8192, 16384, 32768], [64, 128])],
    };

    /// <summary>Attention over sequences that double up to 32768 tokens.</summary>
    private static Preset LongContext => new("long-context", new Dictionary<string, string?>
    {
        [SettingKeys.Operation.Name] = "attention",
        [SettingKeys.Batches.Name] = "1",
        [SettingKeys.Sequences.Name] = "1024,2048,4096,8192,16384,32768",
        [SettingKeys.Dims.Name] = "128,256",
        [SettingKeys.Iterations.Name] = "3",
        [SettingKeys.Warmup.Name] = "auto",
        [SettingKeys.Precision.Name] = "5",
    });

    /// <summary>Some seconds, to see whether everything works.</summary>
    private static Preset Quick => new("quick", new Dictionary<string, string?>
    {
        [SettingKeys.Operation.Name] = "linear,mlp,attention",
        [SettingKeys.Batches.Name] = "8",
        [SettingKeys.Sequences.Name] = "512",
        [SettingKeys.Dims.Name] = "128,256",
        [SettingKeys.Iterations.Name] = "5",
        [SettingKeys.Passes.Name] = "3",
    });

    /// <summary>
    /// Products whose working set doubles from half of the first cache to four times the last one. The weight is small,
    /// so that the tokens make the working set.
    /// </summary>
    internal static Preset CacheLadder(CpuCaches caches)
    {
        if (caches.L1d is not { } first || (caches.L3 ?? caches.L2) is not { } last)
        {
            throw new UsageException(
                "The preset cache-ladder needs the sizes of the caches, and /sys does not say them; give --sequences.");
        }

        return new Preset("cache-ladder", new Dictionary<string, string?>
        {
            [SettingKeys.Operation.Name] = "linear",
            [SettingKeys.Batches.Name] = "1",
            [SettingKeys.Sequences.Name] = string.Join(',', Rungs(first / 2, 4 * last).Select(Invariant)),
            [SettingKeys.Dims.Name] = Invariant(LadderDim),
            [SettingKeys.Iterations.Name] = "10",
            [SettingKeys.Warmup.Name] = "auto",
            [SettingKeys.Precision.Name] = "5",
        });
    }

    private const int LadderDim = 32;

    /// <summary>Tokens for working sets of so many bytes: input and output, dim each, and the weight, all float32.</summary>
    private static IEnumerable<long> Rungs(long from, long to)
    {
        for (long bytes = from; bytes <= to; bytes *= 2)
        {
            yield return Math.Max(1, ((bytes / sizeof(float)) - (LadderDim * LadderDim)) / (2 * LadderDim));
        }
    }

    private static string Invariant(long value) => value.ToString(CultureInfo.InvariantCulture);
}
