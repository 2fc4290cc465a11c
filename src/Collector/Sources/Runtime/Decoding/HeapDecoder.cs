using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace Observatory.Collector;

/// <summary>What a collection leaves behind. With a heap per CPU each tells its part; then one event tells the whole.</summary>
internal sealed class HeapDecoder(IRuntimeEventHandler handler) : IEventDecoder
{
    private readonly GenerationAfter[] _parts = new GenerationAfter[GenerationAfter.Names.Length];
    private bool _hasParts;
    private int? _collected;

    public void Subscribe(EventStream stream)
    {
        stream.Clr.GCPerHeapHistory += stream.Then<GCPerHeapHistoryTraceData>((part, _) => Add(part));
        // After the parts, and right before the whole.
        stream.Clr.GCStop += stream.Then<GCEndTraceData>((ended, _) => _collected = ended.Depth);
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

        int? collected = _collected;
        Clear();
        handler.HeapSeen(new HeapAfter(
            collected,
            [whole.TotalPromotedSize0, whole.TotalPromotedSize1, whole.TotalPromotedSize2, whole.TotalPromotedSize3, whole.TotalPromotedSize4],
            whole.PinnedObjectCount,
            whole.GCHandleCount));
    }

    private void Clear()
    {
        Array.Clear(_parts);
        (_hasParts, _collected) = (false, null);
    }
}

/// <summary>One generation at the end of a collection, all heaps together. Bytes.</summary>
/// <param name="Name"><c>gen0</c>, <c>gen1</c>, <c>gen2</c>, <c>loh</c> or <c>poh</c>.</param>
/// <param name="Size">Its size, gaps included.</param>
/// <param name="Fragmentation">The gaps.</param>
/// <param name="SurvivedPinned">What survived where it was because it was pinned, or next to something that was.</param>
/// <param name="SurvivedOther">What else survived.</param>
internal readonly record struct GenerationAfter(string Name, long Size, long Fragmentation, long SurvivedPinned, long SurvivedOther)
{
    /// <summary>The generations, in the order of the runtime's own numbers.</summary>
    public static readonly string[] Names = ["gen0", "gen1", "gen2", "loh", "poh"];
}

/// <summary>The whole managed heap at the end of a collection.</summary>
/// <param name="Collected">The oldest generation that was collected; 2 for all of the heap, null where that was not told.</param>
/// <param name="Promoted">Bytes that moved on to the next generation, by the generation they came from.</param>
/// <param name="PinnedObjects">Objects that were pinned.</param>
/// <param name="Handles">Handles that exist.</param>
internal readonly record struct HeapAfter(int? Collected, IReadOnlyList<long> Promoted, int PinnedObjects, int Handles);
