using System.Runtime.InteropServices;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Observatory.Contract;
using Observatory.Hosting;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>The target runtime's events, read from an EventPipe session on a thread of its own.</summary>
/// <param name="inbox">Where events of the timeline go.</param>
/// <param name="status">How it is doing.</param>
/// <param name="declare">Told about configurations.</param>
/// <param name="reports">Told what driving threads tell of themselves.</param>
/// <param name="handler">Told about everything else.</param>
/// <param name="options">What to ask for.</param>
/// <param name="units">What is known of requests.</param>
/// <param name="recording">Gets a copy of what was received; null for none.</param>
/// <param name="log">Takes a line for people; null where no one reads it.</param>
internal sealed class RuntimeSource(
    Inbox inbox,
    SourceStatus status,
    Action<WorkloadConfiguration> declare,
    ThreadReports reports,
    IRuntimeEventHandler handler,
    RuntimeSourceOptions options,
    UnitObservation units,
    BackgroundOutput? recording = null,
    Action<string>? log = null)
{
    /// <summary>A whole buffer may have to be read.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(15);

    private readonly ActivityIdSegments _segments = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly UnitLoad _load = new(options.UnitsLimit);
    private readonly RunningConfiguration _running = new();

    // Of one event of the stream; handed over together with how far it is complete.
    private readonly List<TimelineEvent> _told = [];

    private volatile bool _isOver;
    private RuntimeSession? _session;
    private Func<Task>? _again;
    private LevelStep? _step;

    // They outlast a session: what is open in one may end in the next.
    private UnitDecoder? _units;
    private RuntimeEventDecoder? _decoder;

    /// <summary>Completes when the stream has ended: the target exited, or the session was stopped.</summary>
    public Task Ended => _ended.Task;

    /// <summary>How the stream ended, where that was not at its own end: what had not been sent by then is missing. Null while all is well.</summary>
    public string? BrokeOff { get; private set; }

    /// <summary>Opens the session. Throws what <see cref="DiagnosticsClient"/> throws when the target does not answer.</summary>
    /// <exception cref="TimeoutException">It does not answer in time.</exception>
    /// <param name="client">The way to the target's runtime.</param>
    /// <param name="ourThread">Our id for a thread by the target's own.</param>
    /// <param name="extras">What to ask for besides the groups.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task StartAsync(
        DiagnosticsClient client, Func<int, Timestamp, int> ourThread, SessionExtras extras, CancellationToken cancellation)
    {
        // Before the session is open: or the timeline would have gone on by the time the first event comes.
        inbox.Join(Now());
        RuntimeSession session = await OpenAsync(client, extras, cancellation).ConfigureAwait(false);
        // Somewhere in between the runtime began to tell: what it told until now may be a part of it.
        inbox.Join(Now());
        _again = () => StepDownAsync(client, ourThread, extras);
        Begin(session, ourThread);
    }

    private void Begin(RuntimeSession session, Func<int, Timestamp, int> ourThread)
    {
        _session = session;
        status.Started(
            options.DetailAt(units.Level).Has(EventGroups.Gc) ? Tiers.EventPipe : Tiers.Contract,
            $"session with {options.BufferMegabytes} MB of buffers{session.Remark}");
        new Thread(() => Read(session.Stream, ourThread)) { Name = "runtime-reader", IsBackground = true }.Start();
    }

    /// <summary>
    /// Goes on with a session that asks for less: the providers of one that is open cannot be changed. What happened between the
    /// two is unknown, as after a loss.
    /// </summary>
    private async Task StepDownAsync(DiagnosticsClient client, Func<int, Timestamp, int> ourThread, SessionExtras extras)
    {
        Interlocked.Exchange(ref _session, null)?.Dispose();
        if (_isOver || _step is not { } step)
        {
            End();
            return;
        }

        string before = UnitObservation.NameOf(units.Level);
        units.StepDown(step.Reason);
        try
        {
            RuntimeSession session = await OpenAsync(client, extras, CancellationToken.None).ConfigureAwait(false);
            string now = $"requests are observed at level {UnitObservation.NameOf(units.Level)} instead of {before}: {step.Seen}";
            status.Remark = now;
            log?.Invoke(recording is null ? now : $"{now}; the copy of the runtime's events ends here");
            // Before the first event of the new session is read.
            _units?.Forget();
            reports.Readings.Lose(Now());
            IncompleteReasons why = IncompleteReasons.NotJoined | (units.Level < UnitLevel.Segments ? IncompleteReasons.NoSegments : 0);
            inbox.Post([TimelineEvent.LossEnded(Now(), LossScope.Runtime, why)], Now());
            _step = null;
            Begin(session, ourThread);
            // One that was told to stop meanwhile has not found this session.
            if (_isOver) await StopAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Nobody waits for this: whatever it is, what there is until here is all, and it is said.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            BrokeOff = $"no session at a lower level of requests: {failure.Message}";
            End();
        }
    }

    private void End()
    {
        inbox.Leave(Now());
        if (status.Failure is null) status.Stopped(BrokeOff ?? "stream ended");
        _ended.TrySetResult();
    }

    private async Task<RuntimeSession> OpenAsync(DiagnosticsClient client, SessionExtras extras, CancellationToken cancellation)
    {
        bool isOpen = false;
        using IDisposable ours = units.Activities.Opening();
        try
        {
            RuntimeSession opened = await RuntimeSession.OpenAsync(
                client, options.DetailAt(units.Level), options.BufferMegabytes, extras.With(units, _segments), cancellation)
                .ConfigureAwait(false);
            isOpen = true;
            return opened;
        }
        finally
        {
            if (!isOpen) inbox.Leave(Now());
        }
    }

    /// <summary>
    /// Asks the target to end the session and waits until everything it still had was read; for some seconds, since a target
    /// that is stopped or hangs does not answer. What it had not sent by then is missing, as if it had been killed.
    /// </summary>
    /// <returns>False when the target did not answer in time.</returns>
    public async Task<bool> StopAsync()
    {
        _isOver = true;
        // A session at a lower level may be on its way: it ends by itself.
        if (Interlocked.Exchange(ref _session, null) is not { } session) return _step is null || await HasEndedAsync(DrainLimit).ConfigureAwait(false);
        bool isAnswered = (Ended.IsCompleted || await session.AskToEndAsync().ConfigureAwait(false)) && await HasEndedAsync(DrainLimit).ConfigureAwait(false);
        // Its stream breaks off now, where it did not end: the reader sees that.
        session.Dispose();
        await HasEndedAsync(RuntimeSession.AnswerLimit).ConfigureAwait(false);
        return isAnswered;
    }

    private async Task<bool> HasEndedAsync(TimeSpan limit)
    {
        Task first = await Task.WhenAny(Ended, Task.Delay(limit)).ConfigureAwait(false);
        return first == Ended;
    }

    /// <summary>Reads a stream to its end, or to where it makes no sense; nothing in it is thrown on.</summary>
    internal void Read(Stream received, Func<int, Timestamp, int> ourThread)
    {
        try
        {
            var ahead = new ReadAheadStream(received);
            using var stream = new EventPipeEventSource(new BoundedStream(recording is null || _units is not null ? ahead : new RecordedStream(ahead, recording)));
            Process(stream, ourThread, () => ahead.Taken);
        }
        catch (FormatException)
        {
            // A target that was killed leaves a stream that breaks off in the middle of a block.
            BrokeOff = "stream broke off: the target was killed";
        }
        catch (InvalidDataException damaged)
        {
            BrokeOff = $"stream is damaged: {damaged.Message}";
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException)
        {
            BrokeOff = $"stream broke off: {broken.Message}";
        }
#pragma warning disable CA1031 // The thread's edge: it is reported, and the session ends with what there is.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            status.Failed(failure);
        }

        if (_step is not null && BrokeOff is null && status.Failure is null && _again is { } again) _ = again();
        else End();
    }

    /// <summary>Reads the stream to its end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="ourThread">Our id for a thread by the target's own.</param>
    /// <param name="taken">Bytes of it that have been read so far.</param>
    internal void Process(EventPipeEventSource stream, Func<int, Timestamp, int> ourThread, Func<long> taken)
    {
        var backlog = new RuntimeBacklog((long)options.BufferMegabytes << 20);
        _running.Forget();
        _load.Begin();
        _decoder ??= new RuntimeEventDecoder(status, Deliver, declare, reports, ourThread);
        _decoder.Begin();
        _units ??= new UnitDecoder(units, _segments, told => inbox.Post([told], Timestamp.Zero), ourThread);
        RuntimeDecoders.Subscribe(stream, handler, _running, _units);
        // All events of a block have been read at one instant.
        (long read, Timestamp now) = (-1, Timestamp.Zero);
        stream.AllEvents += happened =>
        {
            Timestamp at = EventTime.From(happened);
            if (taken() is var upTo && upTo != read) (read, now) = (upTo, Now());
            _decoder.Decode(happened, stream.EventsLost);
            inbox.Post(CollectionsMarshal.AsSpan(_told), backlog.Claim(at, now, read));
            _told.Clear();
            if (units.Level > UnitLevel.Starts && _step is null) Weigh(happened, at);
        };
        stream.Process();

        void Deliver(TimelineEvent happened)
        {
            _running.Observe(happened);
            _told.Add(happened);
        }
    }

    /// <summary>Ends the session where it tells more of requests than the target or this program can bear.</summary>
    private void Weigh(TraceEvent happened, Timestamp at)
    {
        Guid provider = happened.ProviderGuid;
        bool isOfUnits = provider == _segments.ProviderId || provider == GroupEvents.FrameworkProvider || OperationEvents.IsOf(provider);
        _step = _load.Observe(at, isOfUnits, status.Lost);
        // What the target still has is read first.
        if (_step is not null && _session is { } session) _ = session.AskToEndAsync();
    }

    private static Timestamp Now() => new(MonotonicClock.NowNanoseconds());
}
