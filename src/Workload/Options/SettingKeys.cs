using System.Text;

namespace Observatory.Workload;

/// <summary>One setting with its spelling in each place it can come from.</summary>
/// <param name="Name">Lower case words joined by dashes, for example <c>until-stdin-closes</c>.</param>
/// <param name="ValueName">What help calls the value; null for a flag.</param>
/// <param name="Help">One sentence, with the default.</param>
internal sealed record SettingKey(string Name, string? ValueName, string Help)
{
    /// <summary>Another name that the command line takes; null: none.</summary>
    public string? Alias { get; init; }

    public bool IsFlag => ValueName is null;

    /// <summary>For example <c>--until-stdin-closes</c>.</summary>
    public string Option => $"--{Name}";

    /// <summary>The environment variable without its prefix, for example <c>UNTIL_STDIN_CLOSES</c>.</summary>
    public string Variable => Name.Replace('-', '_').ToUpperInvariant();

    /// <summary>The key in appsettings.json, for example <c>UntilStdinCloses</c>.</summary>
    public string Property =>
        Name.Split('-').Aggregate(new StringBuilder(), Capitalize).ToString();

    private static StringBuilder Capitalize(StringBuilder text, string word) =>
        text.Append(char.ToUpperInvariant(word[0])).Append(word, 1, word.Length - 1);
}

/// <summary>Every setting of a sweep. A new one is added here and read in <see cref="SweepOptionsReader"/>.</summary>
internal static class SettingKeys
{
    public static readonly SettingKey Preset = new(
        "preset",
        "NAME",
        "Defaults for a purpose: study, long-context, cache-ladder or quick. What is set anywhere else comes first.");

    public static readonly SettingKey Operation = new(
        "operation", "LIST", "What to compute: linear, mlp, attention. Default: linear.");

    public static readonly SettingKey Batches = new("batches", "LIST", "Batch sizes. Default: 8,16,32,64.");
    public static readonly SettingKey Sequences = new("sequences", "LIST", "Sequence lengths. Default: 512,1024.");
    public static readonly SettingKey Dims = new("dims", "LIST", "Embedding dimensions. Default: 128,256,512,1024.");

    public static readonly SettingKey Outputs = new(
        "outputs",
        "reused|fresh",
        "Memory that an iteration writes to: the same each time, or allocated by it, which is timed then. Default: reused.");

    public static readonly SettingKey Iterations = new(
        "iterations", "N", "Iterations of a configuration before the next one has its turn. Default: 3.");

    public static readonly SettingKey Warmup = new(
        "warmup",
        "N|auto",
        "Iterations before those, neither marked nor recorded; auto: until they stop becoming faster. Default: 1.");

    public static readonly SettingKey Precision = new(
        "precision",
        "PERCENT",
        "Leave a configuration out of further passes when the 95 % confidence interval of its median lies within this "
        + "much of it, and stop when all are that well known. Default: off.");

    public static readonly SettingKey Passes = new(
        "passes", "N", "Stop after this many passes. Default: no limit; 1 with --once, 30 with --once and --precision.");

    public static readonly SettingKey Threads = new(
        "threads", "N", "Threads libtorch computes with. Default: the CPUs of affinity mask or cgroup quota.");

    public static readonly SettingKey Seed = new(
        "seed", "N", "Seed of the order and of the input. Default: 1.");

    public static readonly SettingKey Order = new(
        "order",
        "shuffled|listed",
        "Order of the configurations; shuffled is another one each pass. Default: shuffled.");

    public static readonly SettingKey Once = new("once", null, "Stop after one pass, or with --precision when that is reached.");

    public static readonly SettingKey Duration = new(
        "duration", "TIME", "Stop after this time: 500ms, 60s, 5m, 2h or 00:01:00. Default: no limit; 12m with --once and --precision.");

    public static readonly SettingKey NoLimits = new(
        "no-limits",
        null,
        "Do not measure first what the machine can do at most, which takes some seconds in runs with an end or a file.");

    public static readonly SettingKey Listen = new(
        "listen", "ADDRESS", "Address that metrics are served on; * for all. Default: 127.0.0.1.");

    public static readonly SettingKey Port = new(
        "port", "N", "Port that metrics are served on; 0 for any free one. Default: 9464.");

    public static readonly SettingKey NoMetrics = new("no-metrics", null, "Serve no metrics.");

    public static readonly SettingKey UntilStdinCloses = new(
        "until-stdin-closes", null, "Stop when standard input reaches its end.");

    public static readonly SettingKey Quiet = new("quiet", null, "Log warnings only.");
    public static readonly SettingKey Json = new("json", null, "Print the results as one JSON object.");

    public static readonly SettingKey Results = new(
        "results", "FILE", "Also write every sample to this file, for the commands report and compare.")
    {
        Alias = "--output",
    };

    public static readonly IReadOnlyList<SettingKey> All =
    [
        Preset, Operation, Batches, Sequences, Dims, Outputs, Iterations, Warmup, Precision, Passes, Threads, Seed, Order, Once,
        Duration, NoLimits, Listen, Port, NoMetrics, UntilStdinCloses, Quiet, Json, Results,
    ];
}
