using System.Net.Sockets;
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
internal sealed class RuntimeSource(
    Inbox inbox,
    SourceStatus status,
    Action<WorkloadConfiguration> declare,
    ThreadReports reports,
    IRuntimeEventHandler handler,
    RuntimeSourceOptions options,
    UnitObservation units,
    BackgroundOutput? recording = null)
{
    /// <summary>A runtime answers in milliseconds, in seconds on a starved machine; one that is stopped never does.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    /// <summary>A whole buffer may have to be read.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(15);

    private readonly ActivityIdSegments _segments = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EventPipeSession? _session;

    /// <summary>Completes when the stream has ended: the target exited, or the session was stopped.</summary>
    public Task Ended => _ended.Task;

    /// <summary>How the stream ended, where that was not at its own end: what had not been sent by then is missing. Null while all is well.</summary>
    public string? BrokeOff { get; private set; }

    /// <summary>Opens the session. Throws what <see cref="DiagnosticsClient"/> throws when the target does not answer.</summary>
    /// <exception cref="TimeoutException">It does not answer in time.</exception>
    /// <param name="client">The way to the target's runtime.</param>
    /// <param name="ourThread">Our id for a thread by the target's own.</param>
    /// <param name="extras">What to ask for beside the groups.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task StartAsync(
        DiagnosticsClient client, Func<int, Timestamp, int> ourThread, SessionExtras extras, CancellationToken cancellation)
    {
        // Before the session is open: or the timeline would have gone on by the time the first event comes.
        inbox.Join(Now());
        (EventPipeSession session, SessionRequest request) = await OpenAsync(client, extras, cancellation).ConfigureAwait(false);
        _session = session;
        // Somewhere in between the runtime began to tell: what it told until now may be a part of it.
        inbox.Join(Now());
        status.Started(
            options.Detail.Has(EventGroups.Gc) ? Tiers.EventPipe : Tiers.Contract,
            $"session with {options.BufferMegabytes} MB of buffers{request.Remark}");
        new Thread(() => Read(session.EventStream, ourThread)) { Name = "runtime-reader", IsBackground = true }.Start();
    }

    private async Task<(EventPipeSession Session, SessionRequest Request)> OpenAsync(
        DiagnosticsClient client, SessionExtras extras, CancellationToken cancellation)
    {
        bool isOpen = false;
        try
        {
            (EventPipeSession, SessionRequest) opened = await SessionRequest.OpenAsync(
                SessionRequest.All(options.Detail),
                request => client.StartEventPipeSessionAsync(
                    RuntimeEventIds.Session(request, options.BufferMegabytes, extras with { Units = UnitProviders.Of(units, _segments) }), cancellation)
                    .WaitAsync(AnswerLimit * 2, cancellation)).ConfigureAwait(false);
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
        if (Interlocked.Exchange(ref _session, null) is not { } session) return true;
        bool isAnswered = await AskToEndAsync(session).ConfigureAwait(false) && await HasEndedAsync(DrainLimit).ConfigureAwait(false);
        // Its stream breaks off now, where it did not end: the reader sees that.
        session.Dispose();
        await HasEndedAsync(AnswerLimit).ConfigureAwait(false);
        return isAnswered;
    }

    private async Task<bool> AskToEndAsync(EventPipeSession session)
    {
        if (Ended.IsCompleted) return true;
        using var limit = new CancellationTokenSource(AnswerLimit);
        try
        {
            await session.StopAsync(limit.Token).WaitAsync(AnswerLimit).ConfigureAwait(false);
            return true;
        }
        catch (Exception gone) when (gone is DiagnosticsClientException or IOException or SocketException)
        {
            // The target ended first; the reader sees the end of the stream.
            return true;
        }
        catch (Exception silent) when (silent is OperationCanceledException or TimeoutException)
        {
            return false;
        }
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
            using var stream = new EventPipeEventSource(new BoundedStream(recording is null ? received : new RecordedStream(received, recording)));
            Process(stream, ourThread);
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
#pragma warning disable CA1031 // The thread's edge: it is said, and the session ends with what there is.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            status.Failed(failure);
        }

        inbox.Leave(Now());
        if (status.Failure is null) status.Stopped(BrokeOff ?? "stream ended");
        _ended.SetResult();
    }

    /// <summary>Reads the stream to its end.</summary>
    internal void Process(EventPipeEventSource stream, Func<int, Timestamp, int> ourThread)
    {
        // Of one event of the stream; handed over together with how far it is complete.
        List<TimelineEvent> told = [];
        var running = new RunningConfiguration();
        var decoder = new RuntimeEventDecoder(status, Deliver, declare, reports, ourThread);
        RuntimeDecoders.Subscribe(
            stream, handler, running, new UnitDecoder(units, _segments, told => inbox.Post([told], told.At), ourThread));
        stream.AllEvents += happened =>
        {
            decoder.Decode(happened, stream.EventsLost);
            inbox.Post(CollectionsMarshal.AsSpan(told), EventTime.From(happened));
            told.Clear();
        };
        stream.Process();

        void Deliver(TimelineEvent happened)
        {
            running.Observe(happened);
            told.Add(happened);
        }
    }

    private static Timestamp Now() => new(MonotonicClock.NowNanoseconds());
}

/// <summary>What the runtime source asks the target for.</summary>
internal sealed record RuntimeSourceOptions
{
    /// <summary>Which of its runtime's events.</summary>
    public EventDetail Detail { get; init; } = EventDetail.Default;

    /// <summary>What the target may use for events that are not read yet, in MB (2^20 bytes).</summary>
    public int BufferMegabytes { get; init; } = 64;

    /// <summary>How much of the requests of a server.</summary>
    public UnitLevel Units { get; init; } = UnitLevel.Segments;

    /// <summary>Units of the user's own.</summary>
    public IReadOnlyList<UnitEvents> UnitEvents { get; init; } = [];

    /// <summary>What requests are called, where the user knows better.</summary>
    public IReadOnlyList<UnitNameRule> UnitNames { get; init; } = [];

    /// <summary>File that the session's bytes are copied to; null for none.</summary>
    public OutputFile? Nettrace { get; init; }
}
