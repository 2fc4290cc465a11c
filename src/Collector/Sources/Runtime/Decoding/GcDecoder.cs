using Microsoft.Diagnostics.Tracing.Parsers.Clr;
using Microsoft.Diagnostics.Tracing.Parsers.GCDynamic;
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
        _pauses.SuspensionBegan(at, LabelText.Of(began.Reason), forCollection);
    }

    private void CollectionBegan(GCStartTraceData began)
    {
        string kind = began.Type switch
        {
            GCType.BackgroundGC => GcCollection.Background,
            GCType.ForegroundGC => "foreground",
            _ => "blocking",
        };
        var collection = new GcCollection(began.Count, began.Depth, LabelText.Of(began.Reason), kind);
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
