using System.Text.Json;
using System.Text.Json.Serialization;

namespace Observatory.Collector;

/// <summary>What is told of a captured trace beside its events: on the page, in JSON, and in a file beside it. Times are seconds.</summary>
/// <param name="Id">32 hexadecimal digits.</param>
/// <param name="CapturedAt">When it was taken.</param>
/// <param name="Trigger">Why: the kind.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Bytes">Size of the trace.</param>
/// <param name="SchedulerEvents">Switches and wake-ups in it.</param>
/// <param name="Seconds">Time that it covers.</param>
/// <param name="Target">Process id and name of the target.</param>
/// <param name="Unit">The unit it was captured for, else the slowest in it; null where there is none.</param>
/// <param name="Tiers">What each source saw.</param>
/// <param name="Losses">Stretches in which something is missing.</param>
/// <param name="Machine">Where.</param>
/// <param name="Version">Version of the collector.</param>
/// <param name="Timeline">A small picture of the time around the unit.</param>
internal sealed record TraceDocument(
    string Id,
    DateTimeOffset CapturedAt,
    string Trigger,
    string Reason,
    long Bytes,
    long SchedulerEvents,
    double Seconds,
    TraceTarget Target,
    TraceUnit? Unit,
    IReadOnlyDictionary<string, string> Tiers,
    int Losses,
    TraceMachine Machine,
    string Version,
    TraceTimeline Timeline);

internal sealed record TraceTarget(int Pid, string Name);

internal sealed record TraceMachine(string Kernel, string Architecture, int Cpus);

/// <summary>A unit of work and its account.</summary>
/// <param name="Iteration">Its number.</param>
/// <param name="Name">Its configuration in words, or the name of the request.</param>
/// <param name="Thread">The thread that drove it, or worked on it first.</param>
/// <param name="Wall">Its length.</param>
/// <param name="Median">The median of its configuration then; null where there were too few.</param>
/// <param name="Rank">Its place among the slowest of its configuration in that hour; null beyond the first few.</param>
/// <param name="States">Its account.</param>
/// <param name="Incomplete">What is missing from it; empty when nothing is.</param>
/// <param name="Causes">What its time is owed to, in words, the largest first; empty where nothing was found.</param>
/// <param name="PreemptedBy">The commands that held the CPUs its own threads waited for.</param>
/// <param name="OthersPreemptedBy">The same for the other threads of the target meanwhile.</param>
internal sealed record TraceUnit(
    long Iteration,
    string Name,
    string Thread,
    double Wall,
    double? Median,
    int? Rank,
    IReadOnlyDictionary<string, double> States,
    IReadOnlyList<string> Incomplete,
    IReadOnlyList<string> Causes,
    IReadOnlyList<TraceHolder> PreemptedBy,
    IReadOnlyList<TraceHolder> OthersPreemptedBy)
{
    /// <summary><c>iteration</c>, <c>request</c> or <c>event</c>. Documents of earlier versions have iterations only.</summary>
    public string Kind { get; init; } = "iteration";

    /// <summary>Threads that worked on it in turn, as far as the trace tells.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// The parts of its state <c>awaiting</c>, by the operation that was under way. Empty where it awaited nothing, or is not the unit that
    /// the trace was captured for: of others the recorder keeps the states alone.
    /// </summary>
    public IReadOnlyDictionary<string, double> Awaited { get; init; } = new Dictionary<string, double>();
}

/// <summary>A command that held CPUs others waited for.</summary>
internal sealed record TraceHolder(string Command, double Seconds);

/// <summary>A picture of a stretch of time: lanes of slices, in microseconds from its beginning.</summary>
/// <param name="Microseconds">Its length.</param>
/// <param name="UnitFrom">Where the unit begins.</param>
/// <param name="UnitTo">Where it ends.</param>
/// <param name="Lanes">The unit's own states where it moves between threads, CPUs, threads of the target, the runtime's suspensions.</param>
internal sealed record TraceTimeline(double Microseconds, double UnitFrom, double UnitTo, IReadOnlyList<TraceLane> Lanes);

/// <summary>One row of the picture.</summary>
internal sealed record TraceLane(string Name, IReadOnlyList<TraceSlice> Slices);

/// <summary>One slice of a row.</summary>
/// <param name="From">Microseconds from the beginning of the picture.</param>
/// <param name="Length">Microseconds.</param>
/// <param name="Kind">The state of a thread; of a CPU <c>target</c> or <c>other</c>.</param>
/// <param name="Name">What is shown when one points at it.</param>
internal sealed record TraceSlice(double From, double Length, string Kind, string Name);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    // A folder may hold documents of another version, or of another program: one that lacks something is passed over.
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TraceDocument))]
[JsonSerializable(typeof(IReadOnlyList<TraceDocument>))]
internal sealed partial class TraceJsonContext : JsonSerializerContext;

/// <summary>Reads and writes what is told of a trace.</summary>
internal static class TraceJson
{
    public static byte[] Write(TraceDocument trace) => JsonSerializer.SerializeToUtf8Bytes(trace, TraceJsonContext.Default.TraceDocument);

    public static byte[] Write(IReadOnlyList<TraceDocument> traces) =>
        JsonSerializer.SerializeToUtf8Bytes(traces, TraceJsonContext.Default.IReadOnlyListTraceDocument);

    /// <summary>Null for text that is not one: a file of another program.</summary>
    public static TraceDocument? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, TraceJsonContext.Default.TraceDocument);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
