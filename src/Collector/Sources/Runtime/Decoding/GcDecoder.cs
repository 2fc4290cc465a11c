using Microsoft.Diagnostics.Tracing.Parsers.Clr;
using Microsoft.Diagnostics.Tracing.Parsers.GCDynamic;
using Microsoft.Diagnostics.Tracing.Parsers;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Suspensions and collections.</summary>
/// <param name="handler">Told about them.</param>
/// <param name="running">The configuration that a suspension is charged to.</param>
internal sealed class GcDecoder(IRuntimeEventHandler handler, RunningConfiguration running) : IEventDecoder
{
    private readonly PauseTracker _pauses = new();
    private long? _configuration;

    public void Subscribe(EventStream stream)
    {
        stream.Clr.GCSuspendEEStart += stream.Then<GCSuspendEETraceData>(SuspensionBegan);
        stream.Clr.GCSuspendEEStop += stream.Then<GCNoUserDataTraceData>((_, at) => _pauses.Suspended(at));
        stream.Clr.GCRestartEEStop += stream.Then<GCNoUserDataTraceData>((_, at) => Restarted(at));
        stream.Clr.GCStart += stream.Then<GCStartTraceData>((began, _) => CollectionBegan(began));
        stream.Clr.GCStop += stream.Then<GCEndTraceData>((ended, _) => _pauses.CollectionEnded(ended.Count));
        stream.GcDynamic.GCCommittedUsage += Committed;
    }

    public void Forget() => _pauses.Forget();

    private void SuspensionBegan(GCSuspendEETraceData began, Timestamp at)
    {
        _configuration = running.Current;
        bool forCollection = began.Reason is GCSuspendEEReason.SuspendForGC or GCSuspendEEReason.SuspendForGCPrep;
        _pauses.SuspensionBegan(at, LabelText.From(began.Reason), forCollection, began.ThreadID);
    }

    private void CollectionBegan(GCStartTraceData began)
    {
        string kind = began.Type switch
        {
            GCType.BackgroundGC => GcCollection.Background,
            GCType.ForegroundGC => "foreground",
            _ => "blocking",
        };
        var collection = new GcCollection(began.Count, began.Depth, LabelText.From(began.Reason), kind);
        _pauses.CollectionBegan(collection);
        handler.CollectionBegan(collection);
    }

    private void Restarted(Timestamp at)
    {
        if (_pauses.TryEnd(at, out GcPause pause)) handler.Paused(pause, _configuration);
    }

    private void Committed(CommittedUsageTraceEvent usage) => handler.CommittedSeen(
        usage.TotalCommittedInUse + usage.TotalCommittedInFree + usage.TotalCommittedInGlobalFree
        + usage.TotalCommittedInGlobalDecommit + usage.TotalBookkeepingCommitted);
}

/// <summary>Finds out which collection a suspension was for.</summary>
/// <remarks>
/// <code>
/// blocking:    suspend [began .. still]  collection began .. ended  restarted
/// background:  suspend  collection began  restarted ... suspend  restarted ... collection ended
/// </code>
/// A suspension belongs to the first collection that begins in it; with none, to the one in the background; with none
/// either, it was not for a collection.
/// </remarks>
internal sealed class PauseTracker
{
    private Timestamp? _began;
    private Timestamp? _still;
    private string _reason = "";
    private bool _isForCollection;
    private int _thread;
    private GcCollection? _inside;
    private GcCollection? _background;

    /// <summary>Threads are being asked to stand still.</summary>
    /// <param name="at">Since when.</param>
    /// <param name="reason">What for, as the runtime says.</param>
    /// <param name="forCollection">True when the collector asks.</param>
    /// <param name="thread">Kernel id of the thread that asks.</param>
    public void SuspensionBegan(Timestamp at, string reason, bool forCollection, int thread)
    {
        (_began, _still, _inside) = (at, null, null);
        (_reason, _isForCollection, _thread) = (reason, forCollection, thread);
    }

    /// <summary>All of them stand still.</summary>
    public void Suspended(Timestamp at) => _still = at;

    /// <summary>A collection begins.</summary>
    public void CollectionBegan(in GcCollection collection)
    {
        _inside ??= collection;
        if (collection.Kind == GcCollection.Background) _background = collection;
    }

    /// <summary>A collection ended.</summary>
    public void CollectionEnded(int number)
    {
        if (_background is { } background && background.Number == number) _background = null;
    }

    /// <summary>Threads go on. False when their suspension was not seen.</summary>
    public bool TryEnd(Timestamp at, out GcPause pause)
    {
        pause = default;
        if (_began is not { } began) return false;
        _began = null;
        GcCollection? collection = _inside ?? (_isForCollection ? _background : null);
        Duration suspending = (_still ?? at) - began;
        pause = new GcPause(began, at - began, suspending, collection?.Generation, collection?.Reason ?? _reason, _thread);
        return true;
    }

    /// <summary>Events are missing.</summary>
    public void Forget() => (_began, _inside, _background) = (null, null, null);
}

/// <summary>A collection that has begun.</summary>
/// <param name="Number">Counts collections of the process.</param>
/// <param name="Generation">The oldest generation that is collected.</param>
/// <param name="Reason">Why, in lower case with underscores.</param>
/// <param name="Kind"><c>blocking</c>, <c>background</c>, or <c>foreground</c>: during one in the background.</param>
internal readonly record struct GcCollection(int Number, int Generation, string Reason, string Kind)
{
    public const string Background = "background";
}

/// <summary>One time in which the runtime kept all managed threads suspended.</summary>
/// <param name="At">When it began to suspend them.</param>
/// <param name="Pause">From there until they went on.</param>
/// <param name="Suspending">The first part of it: until the last of them stood still.</param>
/// <param name="Generation">Generation that was collected; null when it was not for a collection.</param>
/// <param name="Reason">Why, in lower case with underscores.</param>
/// <param name="Thread">Kernel id of the thread that asked for it: of a blocking collection, the one that triggered it; 0 where that is not known.</param>
internal readonly record struct GcPause(Timestamp At, Duration Pause, Duration Suspending, int? Generation, string Reason, int Thread = 0);

/// <summary>Phases of background collections. During the two marks called initial and final, threads are suspended.</summary>
internal sealed class BackgroundDecoder(IRuntimeEventHandler handler) : IEventDecoder
{
    private Timestamp? _began;

    public void Subscribe(EventStream stream)
    {
        ClrPrivateTraceEventParser events = stream.Private;
        events.GCBGCStart += Begin(stream);
        events.GCBGC1stNonCondStop += End(stream, "initial_mark", begins: true);
        events.GCBGC1stConStop += End(stream, "concurrent_mark");
        events.GCBGC2ndNonConStart += Begin(stream);
        events.GCBGC2ndNonConStop += End(stream, "final_mark");
        events.GCBGC2ndConStart += Begin(stream);
        events.GCBGC2ndConStop += End(stream, "concurrent_sweep");
    }

    public void Forget() => _began = null;

    private Action<GCNoUserDataTraceData> Begin(EventStream stream) => stream.Then<GCNoUserDataTraceData>((_, at) => _began = at);

    /// <param name="stream">The events.</param>
    /// <param name="phase">What ends.</param>
    /// <param name="begins">True when the next phase begins in the same moment.</param>
    private Action<GCNoUserDataTraceData> End(EventStream stream, string phase, bool begins = false) =>
        stream.Then<GCNoUserDataTraceData>((_, at) =>
        {
            if (_began is { } began) handler.BackgroundPhaseEnded(phase, at - began);
            _began = begins ? at : null;
        });
}
