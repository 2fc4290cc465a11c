using System.Net;
using System.Text;
using Observatory.Hosting;

namespace Observatory.Workload;

/// <summary>One setting with its spelling in each place it can come from.</summary>
/// <param name="Name">Lower case words joined by dashes, for example <c>until-stdin-closes</c>.</param>
/// <param name="ValueName">What help calls the value; null for a flag.</param>
/// <param name="Help">One sentence, with the default.</param>
internal abstract record SettingKey(string Name, string? ValueName, string Help)
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

/// <summary>The same with what reads its value.</summary>
internal sealed record SettingKey<T>(string Name, string? ValueName, string Help, ValueParser<T> Parser)
    : SettingKey(Name, ValueName, Help);

/// <summary>Every setting of a sweep. A new one is added here and used in <see cref="SweepOptionsReader"/>.</summary>
internal static class SettingKeys
{
    /// <summary>More threads than this is a slip: libtorch would create them all.</summary>
    private const int MostThreads = 1024;

    public static readonly SettingKey<Func<Preset>> Preset = new(
        "preset",
        "NAME",
        "Defaults for a purpose: study, long-context, cache-ladder or quick. What is set anywhere else comes first.",
        Workload.Preset.Parser);

    public static readonly SettingKey<IReadOnlyList<IOperationFormula>> Operation = new(
        "operation", "LIST", "What to compute: linear, mlp, attention, decode. Default: linear.", OperationFormulas.Parser);

    public static readonly SettingKey<IReadOnlyList<int>> Batches = new(
        "batches", "LIST", "Batch sizes. Default: 8,16,32,64.", Values.Sizes);

    public static readonly SettingKey<IReadOnlyList<int>> Sequences = new(
        "sequences", "LIST", "Sequence lengths. Default: 512,1024.", Values.Sizes);

    public static readonly SettingKey<IReadOnlyList<int>> Dims = new(
        "dims", "LIST", "Embedding dimensions. Default: 128,256,512,1024.", Values.Sizes);

    public static readonly SettingKey<IReadOnlyList<ElementType>> Types = new(
        "dtypes", "LIST", "Element types: float32, bfloat16, float16. Default: float32.", ElementTypes.Parser);

    public static readonly SettingKey<IReadOnlyList<int>> Threads = new(
        "threads",
        "LIST",
        "Threads libtorch computes with; every configuration is measured with each. "
        + "Default: the CPUs of affinity mask or cgroup quota.",
        Values.ListOf(Values.WholeNumber(1, MostThreads)));

    public static readonly SettingKey<OutputMemory> Outputs = new(
        "outputs",
        "reused|fresh",
        "Memory that an iteration writes to: the same each time, or allocated by it, which is timed then. Default: reused.",
        Values.OneOf(("reused", OutputMemory.Reused), ("fresh", OutputMemory.Fresh)));

    public static readonly SettingKey<int> Iterations = new(
        "iterations", "N", "Iterations of a configuration before the next one has its turn. Default: 3.", Values.WholeNumber(1));

    public static readonly SettingKey<WarmupChoice> Warmup = new(
        "warmup",
        "N|auto",
        "Iterations before those, neither marked nor recorded; auto: until they stop getting faster. Default: 1.",
        WarmupChoice.Parser);

    public static readonly SettingKey<double> Precision = new(
        "precision",
        "PERCENT",
        "Leave a configuration out of further passes when the 95 % confidence interval of its median lies within this "
        + "much of it, and stop when all are known that precisely. Default: off.",
        Values.Percent);

    public static readonly SettingKey<int> Passes = new(
        "passes",
        "N",
        "Stop after this many passes. Default: no limit; 1 with --once, 30 with --once and --precision.",
        Values.WholeNumber(1));

    public static readonly SettingKey<int> Seed = new(
        "seed", "N", "Seed of the order and of the input. Default: 1.", Values.WholeNumber(0));

    public static readonly SettingKey<SweepOrder> Order = new(
        "order",
        "shuffled|listed",
        "Order of the configurations; shuffled: another order in each pass. Default: shuffled.",
        Values.OneOf(("shuffled", SweepOrder.Shuffled), ("listed", SweepOrder.Listed)));

    public static readonly SettingKey<bool> Once = Flag(
        "once", "Stop after one pass, or with --precision when that is reached.");

    public static readonly SettingKey<TimeSpan> Duration = new(
        "duration",
        "TIME",
        "Stop after this time: 500ms, 60s, 5m, 2h or 00:01:00. Default: no limit; 12m with --once and --precision.",
        Values.Duration);

    public static readonly SettingKey<bool> NoLimits = Flag(
        "no-limits",
        "Skip the measurement of the machine's limits at the start, which takes some seconds in runs with an end or a file.");

    public static readonly SettingKey<IPAddress> Listen = new(
        "listen", "ADDRESS", "Address that metrics are served on; * for all. Default: 127.0.0.1.", Values.Address);

    public static readonly SettingKey<int> Port = new(
        "port", "N", "Port that metrics are served on; 0 for any free one. Default: 9464.", Values.Port);

    public static readonly SettingKey<bool> NoMetrics = Flag("no-metrics", "Serve no metrics.");

    public static readonly SettingKey<bool> UntilStdinCloses = Flag(
        "until-stdin-closes", "Stop when standard input reaches its end.");

    public static readonly SettingKey<bool> Quiet = Flag("quiet", "Log warnings only.");
    public static readonly SettingKey<bool> Json = Flag("json", "Print the results as one JSON object.");

    public static readonly SettingKey<string> Results = new(
        "results", "FILE", "Also write every sample to this file, for the commands report and compare.", Values.File)
    {
        Alias = "--output",
    };

    public static readonly SettingKey<string> Resume = new(
        "resume",
        "FILE",
        "Continue the run in this results file, with its study, settings and samples. The result is written to the same file, or to "
        + "that of --results.",
        Values.File);

    public static readonly IReadOnlyList<SettingKey> All =
    [
        Preset, Operation, Batches, Sequences, Dims, Types, Threads, Outputs, Iterations, Warmup, Precision, Passes, Seed, Order,
        Once, Duration, NoLimits, Listen, Port, NoMetrics, UntilStdinCloses, Quiet, Json, Results, Resume,
    ];

    private static SettingKey<bool> Flag(string name, string help) => new(name, null, help, Values.Flag);
}
