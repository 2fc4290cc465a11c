using System.Diagnostics.Metrics;
using Observatory.Contract;
using Observatory.Hosting;
using Observatory.Kernel;
using Observatory.Recorder;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Everything that captures traces, put together: part of every observation.</summary>
internal sealed class FlightRecorder : IDisposable
{
    private const int MostCauses = 6;

    private static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>What a recording holds beside its duration at most: how long observation takes to begin and to end.</summary>
    private static readonly TimeSpan StartAndEnd = TimeSpan.FromMinutes(1);

    /// <summary>Memory of a recording: some 16 million switches and wake-ups.</summary>
    private const long RecordedBytes = 256 << 20;

    private readonly OutputFile? _recording;
    private readonly Action<string> _log;
    private readonly NoteRing _notes = new();
    private readonly TraceWriter _writer;
    private readonly CounterFile? _memory;
    private readonly TargetConditions _conditions;
    private readonly TraceStore? _store;

    /// <param name="options">What was asked for.</param>
    /// <param name="context">What is observed.</param>
    /// <param name="store">Where traces are kept; null for none.</param>
    /// <param name="log">Receives lines for people.</param>
    /// <param name="causes">Finds the causes of units.</param>
    /// <param name="conditions">What holds the target back.</param>
    private FlightRecorder(
        ObserveOptions options, TraceContext context, TraceStore? store, Action<string> log, CauseSink causes, TargetConditions conditions)
    {
        (_recording, _log, _conditions, _store) = (options.Recording, log, conditions, store);
        _memory = ResidentMemory.Open(context.Process);
        _writer = new TraceWriter(context, store, _notes, log);
        // What was asked to be recorded is the whole of a stretch of time; other traces would only disturb it. It began before
        // its countdown did, and ends after it, by more on a busy machine.
        RingLimits ring = options is { Recording: not null, Duration: { } duration }
            ? new RingLimits { Age = new Duration((long)(duration + StartAndEnd).TotalNanoseconds), Bytes = RecordedBytes }
            : new RingLimits();
        Recorder = new TraceRecorder(_writer, _recording is null ? new TraceTriggers(new TraceLimits()) : null, ring, () => InWords(causes));
        Handler = new NoteTaker(_notes);
    }

    /// <summary>Takes what the timeline consumes and finds.</summary>
    public TraceRecorder Recorder { get; }

    /// <summary>Takes what the runtime tells beside the events of the timeline.</summary>
    public IRuntimeEventHandler Handler { get; }

    /// <summary>Makes one; null where neither traces are kept nor a recording was asked for.</summary>
    public static FlightRecorder? TryCreate(
        ObserveOptions options, TraceContext context, TraceStore? store, Action<string> log, CauseSink causes, TargetConditions conditions) =>
        store is null && options.Recording is null ? null : new FlightRecorder(options, context, store, log, causes, conditions);

    /// <summary>Writes traces from now on.</summary>
    public void Start(IMeterFactory meters, TargetLooks looks)
    {
        _writer.Start();
        looks.Every(() => SampleInterval, Sample, "traces have no more counters of the target's memory and quota");
        Observe(meters.Create(Meters.Collector));
    }

    /// <summary>Nothing more will come: writes what was asked for. The pump must have ended.</summary>
    public void Finish()
    {
        Recorder.Finish();
        if (_recording is null) return;
        TraceDocument? written = Recorder.WriteTo(_recording);
        if (written is null)
        {
            _log($"nothing was recorded, {_recording.Path} was not written");
            return;
        }

        _log($"{_recording.Path}: {written.Seconds:0.0} s, {written.Bytes / 1e6:0.0} MB; open it in https://ui.perfetto.dev");
        if (Recorder.Dropped is { Nanoseconds: > 0 } dropped)
            _log($"{_recording.Path}: the first {dropped.Seconds:0.0} s are not in it, so much happened that {RecordedBytes >> 20} MiB hold the last {written.Seconds:0.0} s only; record a shorter time (--duration)");
    }

    public void Dispose()
    {
        Recorder.Close();
        _writer.Dispose();
        _memory?.Dispose();
    }

    private void Observe(Meter meter)
    {
        meter.CreateObservableCounter(
            "observatory.traces.captured",
            () => ByTrigger(_writer.Captured),
            null,
            "Traces that were captured, by what triggered them.");
        meter.CreateObservableCounter(
            "observatory.traces.suppressed",
            () => ByTrigger(Recorder.Suppressed),
            null,
            "Triggers that led to no trace: they came too often, or while another trace was written.");
        meter.CreateObservableCounter("observatory.traces.failed", () => _writer.Failed, null, "Traces that could not be written.");
        meter.CreateObservableGauge(
            "observatory.recorder.age", () => Recorder.Age.Seconds, "s", "How far back the flight recorder reaches now.");
        TraceMetrics.Observe(meter, () => _store?.List() ?? []);
        meter.CreateObservableGauge("observatory.recorder.memory", () => Recorder.Bytes, "By", "Memory that the flight recorder's ring holds.");
    }

    /// <summary>A series for each kind from the beginning: an increase from nothing to one is no increase to Prometheus.</summary>
    private static IEnumerable<Measurement<long>> ByTrigger(IEnumerable<KeyValuePair<string, long>> counts)
    {
        Dictionary<string, long> counted = new(counts);
        return TraceTrigger.Kinds.Select(kind => new Measurement<long>(counted.GetValueOrDefault(kind), new KeyValuePair<string, object?>("trigger", kind)));
    }

    private static IReadOnlyList<string> InWords(CauseSink causes) =>
        [.. causes.Latest.Ranked.Take(MostCauses).Select(cause => $"{ForPeople.Time(cause.Value / 1e9)} {CauseText.Bound(cause.Key)}{CauseText.Describe(cause.Key, causes.Limits)}")];

    private void Sample()
    {
        var now = new Timestamp(MonotonicClock.NowNanoseconds());
        if (_memory is not null && ResidentMemory.Read(_memory) is { } resident) _notes.Add(new RecordedNote(NoteKind.ResidentBytes, now, now, 0, resident));
        if (_conditions.ThrottledTotal is { } throttled) _notes.Add(new RecordedNote(NoteKind.ThrottledMicroseconds, now, now, 0, throttled / 1000));
    }

    /// <summary>Notes what the runtime tells, on its reader's thread.</summary>
    private sealed class NoteTaker(NoteRing notes) : IRuntimeEventHandler
    {
        private long _allocated;

        public void Paused(in GcPause pause, long? configuration)
        {
            notes.Add(new RecordedNote(NoteKind.GcPause, pause.At, pause.At + pause.Pause, 0, pause.Generation ?? -1, pause.Reason));
            notes.Add(new RecordedNote(NoteKind.GcSuspending, pause.At, pause.At + pause.Suspending, 0, 0));
        }

        public void Contended(in LockWait wait) =>
            notes.Add(new RecordedNote(NoteKind.Contention, wait.Ended - wait.Time, wait.Ended, wait.Thread, wait.Owner));

        public void WorkersCounted(int workers)
        {
            var now = new Timestamp(MonotonicClock.NowNanoseconds());
            notes.Add(new RecordedNote(NoteKind.PoolThreads, now, now, 0, workers));
        }

        public void Allocated(in AllocationSample sample, long? configuration)
        {
            _allocated += (long)sample.Bytes;
            var now = new Timestamp(MonotonicClock.NowNanoseconds());
            notes.Add(new RecordedNote(NoteKind.AllocatedBytes, now, now, 0, _allocated));
        }
    }
}
