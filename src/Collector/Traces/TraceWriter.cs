using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Observatory.Hosting;
using Observatory.Kernel;
using Observatory.Recorder;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>What a trace tells of its observation.</summary>
/// <param name="Process">The target.</param>
/// <param name="Names">Names of threads.</param>
/// <param name="Configurations">What iterations are of.</param>
/// <param name="Requests">What requests are called; null where none are observed.</param>
/// <param name="Statuses">What the sources see.</param>
internal sealed record TraceContext(int Process, ThreadNames Names, ConfigurationRegistry Configurations, UnitNames? Requests, SourceStatuses Statuses)
{
    /// <summary>What a unit is called.</summary>
    /// <param name="kind">All but iterations have names of their own.</param>
    /// <param name="index">Of its name, or of its configuration.</param>
    public string NameOfUnit(UnitKind kind, long index)
    {
        if (kind != UnitKind.Iteration) return Requests?.NameOf(index) ?? UnitNames.Other;
        return Configurations.Find(index) is { } known
            ? UnitName.From(known.Operation, known.BatchSize, known.SequenceLength, known.EmbeddingDim)
            : $"configuration {index}";
    }
}

/// <summary>
/// Writes traces on a thread of its own, one at a time, and names the threads of each generation while they are still
/// there to be named.
/// </summary>
/// <param name="context">What a trace tells of its observation.</param>
/// <param name="store">Where traces are kept; null where there is no place.</param>
/// <param name="notes">What sources told beside the events.</param>
/// <param name="log">Receives a line for each trace, and for each that could not be written.</param>
internal sealed class TraceWriter(TraceContext context, TraceStore? store, NoteRing notes, Action<string> log) : IDisposable
{
    /// <summary>Generations that wait to be named; one more stays without the names of threads that have ended.</summary>
    private const int MostWaiting = 4;

    private const string ReleaseFile = "/proc/sys/kernel/osrelease";

    private readonly BlockingCollection<Work> _waiting = [];
    private readonly ConcurrentDictionary<string, long> _captured = new();
    private Thread? _thread;
    private int _busy;
    private long _failed;

    /// <summary>Traces that were kept, by the kind of their trigger.</summary>
    public IEnumerable<KeyValuePair<string, long>> Captured => _captured;

    /// <summary>Traces that could not be written.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>True while a trace is written or waited for.</summary>
    public bool IsBusy => Volatile.Read(ref _busy) != 0;

    public void Start()
    {
        _thread = new Thread(Run) { Name = "trace-writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>
    /// Sets the writer aside for one trace; false while another is written or waited for. After it <see cref="Take"/> or
    /// <see cref="Release"/> must follow.
    /// </summary>
    public bool TryReserve() => store is not null && _thread is not null && Interlocked.CompareExchange(ref _busy, 1, 0) == 0;

    /// <summary>The trace that the writer was set aside for will not come.</summary>
    public void Release() => Volatile.Write(ref _busy, 0);

    /// <summary>Takes the generations of the trace that the writer was set aside for. Disposes of them when they are written.</summary>
    public void Take(RingCut cut, TraceTrigger trigger, TaskCompletionSource<TraceDocument?>? answer) => _waiting.Add(new Work(cut, trigger, answer));

    /// <summary>Takes a generation that is over, to name its threads. On the pump's thread.</summary>
    public void TakeNames(RingCut over)
    {
        if (_thread is null || _waiting.Count >= MostWaiting) over.Dispose();
        else _waiting.Add(new Work(over, null, null));
    }

    /// <summary>Writes what waits and ends.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread?.Join();
        foreach (Work work in _waiting) work.Cut.Dispose();
        _waiting.Dispose();
    }

    /// <summary>Writes the events of a trace, as many of the newest as fit.</summary>
    /// <returns>What is to be told of it.</returns>
    public TraceDocument Write(Stream output, RingCut cut, TraceTrigger trigger)
    {
        var subject = TraceSubject.From(cut, trigger);
        UnitAccount? about = subject.Unit;
        RecordedWindow window = WindowReplay.Run(subject.Generations, subject.Closely);
        UnitId? id = about is { } found ? new UnitId(found.Kind, found.Iteration) : null;
        RecordedUnit? unit = window.Units.FirstOrDefault(unit => unit.Id == id);
        TraceUnit? told = about is { } account ? TellUnit(account, unit, trigger) : null;
        var facts = new TraceFacts
        {
            KernelRelease = KernelRelease(),
            Machine = Architecture(),
            BootMinusMonotonic = new Duration(MonotonicClock.BootTimeAheadNanoseconds()),
            RealMinusMonotonic = new Duration(MonotonicClock.RealTimeAheadNanoseconds()),
            NameOfThread = NameOf,
            NameOfUnit = context.NameOfUnit,
            Notes = notes.Between(window.From, window.To),
            Unit = id,
            MostBytes = subject.MostBytes,
            Arguments = [.. Arguments(trigger, told)],
        };
        PerfettoSize size = PerfettoFile.Write(output, window, facts);
        return new TraceDocument(
            trigger.Id, TimeProvider.System.GetUtcNow(), trigger.Kind, trigger.Text, size.Bytes, size.SchedulerEvents,
            (window.To - window.From).Seconds, new TraceTarget(context.Process, NameOf(context.Process).Command), told,
            context.Statuses.All.ToDictionary(source => source.Name, source => source.Tier), window.Losses.Count,
            new TraceMachine(facts.KernelRelease, facts.Machine, Environment.ProcessorCount),
            typeof(TraceWriter).Assembly.GetName().Version?.ToString(3) ?? "", TracePicture.Draw(window, subject.Shown, unit, NameOf));
    }

    private void Run()
    {
        foreach (Work work in _waiting.GetConsumingEnumerable())
        {
            using RingCut cut = work.Cut;
            TraceDocument? kept = null;
            try
            {
                if (work.Trigger is { } trigger) kept = Keep(cut, trigger);
                else foreach (Generation generation in cut.Generations) Name(generation);
            }
#pragma warning disable CA1031 // The thread's edge: it is said and counted, and the observation goes on.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Interlocked.Increment(ref _failed);
                log(LastWords.Of("traces", "a trace could not be made, the observation goes on", failure));
            }

            if (work.Trigger is not null) Release();
            work.Answer?.TrySetResult(kept);
        }
    }

    private TraceDocument? Keep(RingCut cut, TraceTrigger trigger)
    {
        try
        {
            TraceDocument kept = store!.Keep(trigger.Id, stream => Write(stream, cut, trigger));
            _captured.AddOrUpdate(trigger.Kind, 1, (_, count) => count + 1);
            log($"trace {trigger.Id[..8]} captured, {kept.Bytes / 1e6:0.0} MB: {trigger.Text}");
            return kept;
        }
        catch (Exception problem) when (problem is OutputFailedException or UsageException or IOException or UnauthorizedAccessException)
        {
            Interlocked.Increment(ref _failed);
            log($"a trace could not be written, the observation goes on: {SafeText.Line(problem.Message)}");
            return null;
        }
    }

    private void Name(Generation generation) =>
        generation.Names = generation.ThreadsThatRan().Where(thread => thread > 0).ToDictionary(thread => thread, NameOf);

    private TraceUnit TellUnit(in UnitAccount account, RecordedUnit? unit, TraceTrigger trigger)
    {
        UnitAccount told = account;
        return new TraceUnit(
            account.Iteration, context.NameOfUnit(account.Kind, account.Configuration), NameOf(account.Thread).Name, account.Wall.Seconds,
            trigger.Median?.Seconds, trigger.Rank,
            StateTimes.UnitStates.Where(state => told.Times[state] > Duration.Zero).ToDictionary(Names.State, state => told.Times[state].Seconds),
            [.. Names.ReasonsByWeight.Where(reason => told.Reasons.HasFlag(reason)).Select(Names.Reason)],
            trigger.Causes, Holders(unit?.Holders), Holders(unit?.HoldersOfOthers))
        {
            Kind = account.Kind.ToString().ToLowerInvariant(),
            Awaited = AwaitedTimes.Kinds.Where(kind => told.Details.Awaited[kind] > Duration.Zero)
                .ToDictionary(Names.Awaited, kind => told.Details.Awaited[kind].Seconds),
            Threads = unit is { Stretches.Count: > 0 } moving ? moving.Stretches.Where(part => part.Thread != 0).Select(part => part.Thread).Distinct().Count() : 1,
        };
    }

    private TraceHolder[] Holders(IReadOnlyDictionary<int, Duration>? holders) =>
        [.. (holders ?? new Dictionary<int, Duration>())
            .GroupBy(held => context.Names.CommandOf(held.Key, context.Process))
            .Select(command => new TraceHolder(command.Key, command.Sum(held => held.Value.Seconds)))
            .OrderByDescending(command => command.Seconds).Take(10)];

    private IEnumerable<TraceArgument> Arguments(TraceTrigger trigger, TraceUnit? unit)
    {
        yield return new TraceArgument("trigger", trigger.Kind);
        yield return new TraceArgument("reason", trigger.Text);
        yield return new TraceArgument("trace", trigger.Id);
        foreach (SourceStatus source in context.Statuses.All) yield return new TraceArgument($"tier_{source.Name}", source.Tier);
        for (int i = 0; i < trigger.Causes.Count; i++) yield return new TraceArgument($"cause_{i + 1}", trigger.Causes[i]);
        if (unit?.PreemptedBy is { Count: > 0 } holders)
            yield return new TraceArgument("preempted_by", string.Join(", ", holders.Select(held => $"{held.Command} {held.Seconds * 1e3:0.000} ms")));
        if (unit?.OthersPreemptedBy is { Count: > 0 } others)
            yield return new TraceArgument("others_preempted_by", string.Join(", ", others.Select(held => $"{held.Command} {held.Seconds * 1e3:0.000} ms")));
    }

    private ThreadName NameOf(int thread)
    {
        (int process, string name, string command) = context.Names.Identify(thread);
        return new ThreadName(process, name, command);
    }

    private static string KernelRelease() =>
        File.Exists(ReleaseFile) ? File.ReadAllText(ReleaseFile).Trim() : Environment.OSVersion.Version.ToString();

    private static string Architecture() => RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "aarch64" : "x86_64";

    private readonly record struct Work(RingCut Cut, TraceTrigger? Trigger, TaskCompletionSource<TraceDocument?>? Answer);
}
