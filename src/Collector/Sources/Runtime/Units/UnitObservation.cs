using System.Text.Json;
using Observatory.Hosting;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>How much of a server's requests is observed; each level costs the target more than the one before.</summary>
internal enum UnitLevel
{
    /// <summary>Nothing.</summary>
    Off,

    /// <summary>When each begins and ends.</summary>
    Starts,

    /// <summary>Which thread works on it from when to when as well.</summary>
    Segments,

    /// <summary>How long it was in the thread pool's queue as well.</summary>
    Queue,
}

/// <summary>Why a request, or a part of it, has no account.</summary>
internal enum UnitProblem
{
    /// <summary>Only its end was seen: it was open when the observer came, or its beginning was lost.</summary>
    BeginMissing,

    /// <summary>Its end was lost.</summary>
    EndMissing,

    /// <summary>The runtime gave its id to another one that was open too, so that they cannot be told apart.</summary>
    SharedId,

    /// <summary>It began outside of any activity: the runtime does not follow it.</summary>
    NoActivity,

    /// <summary>More were open at once than are followed.</summary>
    TableFull,

    /// <summary>A thread began to work for one that had ended: work that was left behind.</summary>
    AfterEnd,

    /// <summary>A unit of the user's own began inside another unit, and is a part of that.</summary>
    Nested,

    /// <summary>An event that could not be read.</summary>
    Malformed,
}

/// <summary>What is known of requests besides their accounts. Written by the stream's thread, for any thread to read.</summary>
/// <param name="names">What they are called.</param>
/// <param name="level">How much of requests is observed.</param>
/// <param name="events">The user's own units.</param>
/// <param name="activities">Sources of activities that are the user's own units.</param>
internal sealed class UnitObservation(
    UnitNames names, UnitLevel level = UnitLevel.Segments, IReadOnlyList<UnitEvents>? events = null, IReadOnlyList<ActivitySourceUnits>? activities = null)
{
    /// <summary>Every problem, in the order of the enumeration.</summary>
    public static readonly IReadOnlyList<UnitProblem> AllProblems = Enum.GetValues<UnitProblem>();

    /// <summary>Every reason for a step, in the order of the enumeration.</summary>
    public static readonly IReadOnlyList<StepReason> AllSteps = Enum.GetValues<StepReason>();

    private static readonly string[] ProblemNames =
        [.. AllProblems.Select(problem => JsonNamingPolicy.SnakeCaseLower.ConvertName(problem.ToString()))];

    private readonly long[] _problems = new long[AllProblems.Count];
    private readonly long[] _steps = new long[AllSteps.Count];
    private volatile int _open;
    private volatile UnitLevel _level =
        level == UnitLevel.Off && (events is { Count: > 0 } || activities is { Count: > 0 }) ? UnitLevel.Segments : level;

    /// <summary>What they are called.</summary>
    public UnitNames Names => names;

    /// <summary>How much is observed now. The user's own units have segments also where requests are off.</summary>
    public UnitLevel Level => _level;

    /// <summary>How much was asked for.</summary>
    public UnitLevel AskedLevel => level;

    /// <summary>True where requests are units.</summary>
    public bool HasRequests { get; } = level > UnitLevel.Off;

    /// <summary>The user's own units.</summary>
    public IReadOnlyList<UnitEvents> Events { get; } = events ?? [];

    /// <summary>Activities that are units, and how the request for them stands.</summary>
    public ActivityRequests Activities { get; } = new(activities ?? []);

    /// <summary>Requests that have begun and not ended.</summary>
    public int Open
    {
        get => _open;
        set => _open = value;
    }

    /// <summary>How often something went wrong.</summary>
    public long this[UnitProblem problem] => Volatile.Read(ref _problems[(int)problem]);

    public void Count(UnitProblem problem) => Interlocked.Increment(ref _problems[(int)problem]);

    /// <summary>The next lower level is observed from now on.</summary>
    public void StepDown(StepReason why)
    {
        if (_level <= UnitLevel.Starts) return;
        _level--;
        Interlocked.Increment(ref _steps[(int)why]);
    }

    /// <summary>Steps down so far, for a reason.</summary>
    public long Steps(StepReason why) => Volatile.Read(ref _steps[(int)why]);

    /// <summary>The level's name, in options, metrics and JSON.</summary>
    public static string NameOf(UnitLevel level) => level.ToString().ToLowerInvariant();

    /// <summary>The problem's name, in metrics and JSON: <c>begin_missing</c>.</summary>
    public static string NameOf(UnitProblem problem) => ProblemNames[(int)problem];

    /// <summary>The kind's name, in JSON and files.</summary>
    public static string KindOf(UnitKind kind) => kind.ToString().ToLowerInvariant();

    /// <exception cref="UsageException">There is no such level.</exception>
    public static UnitLevel Parse(string name) =>
        Array.Find(Enum.GetValues<UnitLevel>(), level => NameOf(level) == name) is var found && NameOf(found) == name
            ? found
            : throw new UsageException($"--units '{name}' is not a level. Choose off, starts, segments or queue.");
}
