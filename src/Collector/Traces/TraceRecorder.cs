using System.Diagnostics;
using Observatory.Contract;
using Observatory.Hosting;
using Observatory.Recorder;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// The flight recorder of an observation, on the pump's side: fills the ring with what the timeline consumed, asks the
/// triggers about every unit, pause and loss, and hands what is to be written to the <see cref="TraceWriter"/>. The pump
/// never waits for a file.
/// </summary>
/// <param name="writer">Writes the traces.</param>
/// <param name="triggers">Decide; null where only what is asked for is captured.</param>
/// <param name="limits">How much is kept.</param>
/// <param name="causes">Tells the causes of the unit that ended last; null where nothing looks for them.</param>
internal sealed class TraceRecorder(
    TraceWriter writer, TraceTriggers? triggers, RingLimits limits, Func<IReadOnlyList<string>>? causes = null) : IFindingsSink
{
    /// <summary>What happens after a unit belongs to it as well: what its wake-ups led to.</summary>
    private static readonly Duration Tail = Duration.FromMilliseconds(100);

    /// <summary>Stands in the place of what is asked for once nothing more will be captured.</summary>
    private static readonly Asked NoMore = new("", "");

    /// <summary>What led to it.</summary>
    private static readonly Duration Lead = Duration.FromMilliseconds(500);

    private GenerationRing? _ring;
    private TraceTrigger? _pending;
    private volatile Asked? _asked;
    private Timestamp _newest;
    private Timestamp? _suspended;
    private Activity? _exemplar;

    /// <summary>How far back a trace would reach now.</summary>
    public Duration Age => _ring?.Age ?? Duration.Zero;

    /// <summary>Memory of the ring.</summary>
    public long Bytes => _ring?.Bytes ?? 0;

    /// <summary>How much of what was recorded first is not there any more.</summary>
    public Duration Dropped => _ring?.Dropped ?? Duration.Zero;

    /// <summary>What was held back, by kind.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Suppressed => triggers?.Suppressed ?? [];

    /// <summary>The timeline whose events come is this one.</summary>
    public void Attach(Func<TimelineCheckpoint> state) => _ring = new GenerationRing(limits, state, writer.TakeNames);

    /// <summary>Ends what the end of a unit began here, when every other sink has seen the unit.</summary>
    public IFindingsSink Last => new LastSink(this);

    /// <summary>The timeline has applied events. On the pump's thread.</summary>
    public void Consume(EventRun events)
    {
        _ring!.Add(events);
        _newest = events.Places[^1].At;
        foreach (ref readonly TimelineEvent happened in events.Whole)
        {
            switch (happened.Kind)
            {
                case EventKind.SuspensionBegan: _suspended ??= happened.Happened; break;
                case EventKind.SuspensionEnded:
                    if (_suspended is { } since) Schedule(triggers?.JudgePause(since, happened.Happened));
                    _suspended = null;
                    break;
                case EventKind.LossBegan when (happened.Reasons & ~(IncompleteReasons.NotJoined | IncompleteReasons.Paused)) != IncompleteReasons.None:
                    Schedule(triggers?.JudgeLoss(happened.Happened, happened.At, happened.Reasons));
                    break;
            }
        }
    }

    public void IterationClosed(WorkloadConfiguration configuration, in UnitAccount account) => Judge(configuration.Index, account);

    public void RequestClosed(RequestName name, in UnitAccount account) => Judge(name.Index, account);

    /// <summary>The pump has moved everything that was there. On its thread.</summary>
    public void Visited()
    {
        if (_pending is { } due && _newest >= due.To + Tail) Capture(due, null);
        if (_asked is not { } asked) return;
        _asked = null;
        Capture(asked.Trigger(_newest), asked.Answer);
    }

    /// <summary>Nothing more will come: what waits for its tail is captured without it. The pump must have ended.</summary>
    public void Finish()
    {
        if (_ring is null) return;
        if (_pending is { } due) Capture(due, null);
        Visited();
    }

    /// <summary>Writes everything there is to a file. The pump must have ended.</summary>
    /// <returns>What was written; null when nothing was recorded.</returns>
    /// <exception cref="OutputFailedException">The system refused.</exception>
    public TraceDocument? WriteTo(OutputFile file)
    {
        if (_ring is null) return null;
        using RingCut cut = _ring.Cut(Timestamp.Zero);
        if (cut.Generations.Count == 0) return null;
        var trigger = new TraceTrigger(TraceTrigger.Recording, "recorded on request", cut.Generations[0].From, cut.Generations[^1].To);
        TraceDocument? written = null;
        file.Write(stream => written = writer.Write(stream, cut, trigger));
        return written;
    }

    /// <summary>Captures everything there is. Any thread.</summary>
    /// <param name="kind">Why.</param>
    /// <param name="reason">Why, in a sentence.</param>
    /// <returns>The trace; null when another one is being captured, nothing could be written, or the observation is over.</returns>
    public Task<TraceDocument?> RequestAsync(string kind, string reason)
    {
        var asked = new Asked(kind, reason);
        // One at a time: the second of two is told so at once.
        if (_ring is null || writer.IsBusy || Interlocked.CompareExchange(ref _asked, asked, null) is not null)
        {
            triggers?.Suppress(kind);
            return Task.FromResult<TraceDocument?>(null);
        }

        return asked.Answer.Task;
    }

    /// <summary>Nothing is captured any more: who waits for a trace is told so, and who asks later at once. Any thread.</summary>
    public void Close() => Interlocked.Exchange(ref _asked, NoMore)?.Answer.TrySetResult(null);

    private void Judge(long index, in UnitAccount account)
    {
        _ring!.Add(account);
        TraceTrigger? trigger = triggers?.Judge(index, account);
        Schedule(trigger);
        if (trigger is not null && ReferenceEquals(trigger, _pending)) BeginExemplar(trigger);
    }

    /// <summary>
    /// Until the last sink has seen it, the sinks record this unit, and nothing else: inside an activity whose trace id is that of the
    /// trace, so that the unit's exemplar leads to it.
    /// </summary>
    private void BeginExemplar(TraceTrigger trigger)
    {
        _exemplar?.Stop();
        _exemplar = new Activity("observatory.trace")
            .SetParentId(ActivityTraceId.CreateFromString(trigger.Id), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        _exemplar.SetIdFormat(ActivityIdFormat.W3C);
        _exemplar.Start();
    }

    /// <summary>Every sink has seen the unit by now, so its causes are known.</summary>
    private void EndExemplar()
    {
        _exemplar!.Stop();
        _exemplar = null;
        if (_pending is { Unit: not null } pending && causes is not null) _pending = pending with { Causes = causes() };
    }

    /// <summary>
    /// Waits for what follows, with the writer set aside for it: from now on nothing but a disk that refuses keeps the
    /// trace from being there, so the exemplar may name it.
    /// </summary>
    private void Schedule(TraceTrigger? trigger)
    {
        if (trigger is null) return;
        if (writer.TryReserve()) _pending = trigger;
        else triggers!.Suppress(trigger.Kind);
    }

    private void Capture(TraceTrigger trigger, TaskCompletionSource<TraceDocument?>? answer)
    {
        bool isReserved = ReferenceEquals(trigger, _pending) || writer.TryReserve();
        if (ReferenceEquals(trigger, _pending)) _pending = null;
        if (isReserved)
        {
            RingCut cut = _ring!.Cut(answer is null ? trigger.From - Lead : Timestamp.Zero);
            if (cut.Generations.Count > 0)
            {
                writer.Take(cut, trigger, answer);
                return;
            }

            cut.Dispose();
            writer.Release();
        }

        triggers?.Suppress(trigger.Kind);
        answer?.TrySetResult(null);
    }

    private sealed class LastSink(TraceRecorder recorder) : IFindingsSink
    {
        public void IterationClosed(WorkloadConfiguration configuration, in UnitAccount account) => End();

        public void RequestClosed(RequestName name, in UnitAccount account) => End();

        private void End()
        {
            if (recorder._exemplar is not null) recorder.EndExemplar();
        }
    }

    private sealed record Asked(string Kind, string Reason)
    {
        public TaskCompletionSource<TraceDocument?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TraceTrigger Trigger(Timestamp now) => new(Kind, Reason, Timestamp.Zero, now);
    }
}
