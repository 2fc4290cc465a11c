using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace Observatory.Collector;

/// <summary>What a collection leaves behind. With a heap per CPU each tells its part; then one event tells the whole.</summary>
internal sealed class HeapDecoder(IRuntimeEventHandler handler) : IEventDecoder
{
    private readonly GenerationAfter[] _parts = new GenerationAfter[GenerationAfter.Names.Length];
    private bool _hasParts;

    public void Subscribe(EventStream stream)
    {
        stream.Clr.GCPerHeapHistory += stream.Then<GCPerHeapHistoryTraceData>((part, _) => Add(part));
        stream.Clr.GCHeapStats += stream.Then<GCHeapStatsTraceData>((whole, _) => End(whole));
    }

    public void Forget() => Clear();

    private void Add(GCPerHeapHistoryTraceData part)
    {
        _hasParts = part.VersionRecognized;
        if (!_hasParts) return;
        for (int generation = 0; generation < Math.Min(_parts.Length, part.NumGenerations); generation++)
        {
            GCPerHeapHistoryGenData data = part.GenData((Gens)generation);
            GenerationAfter sum = _parts[generation];
            _parts[generation] = new GenerationAfter(
                GenerationAfter.Names[generation],
                sum.Size + data.SizeAfter,
                sum.Fragmentation + data.Fragmentation,
                sum.SurvivedPinned + (data.HasPinnedSurv ? data.PinnedSurv : 0),
                sum.SurvivedOther + (data.HasNonePinnedSurv ? data.NonePinnedSurv : 0));
        }
    }

    private void End(GCHeapStatsTraceData whole)
    {
        if (_hasParts)
        {
            foreach (GenerationAfter generation in _parts) handler.GenerationSeen(generation);
        }

        Clear();
        handler.HeapSeen(new HeapAfter(
            [whole.TotalPromotedSize0, whole.TotalPromotedSize1, whole.TotalPromotedSize2, whole.TotalPromotedSize3, whole.TotalPromotedSize4],
            whole.PinnedObjectCount,
            whole.GCHandleCount));
    }

    private void Clear()
    {
        Array.Clear(_parts);
        _hasParts = false;
    }
}
