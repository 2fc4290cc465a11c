using Observatory.Timeline;

namespace Observatory.Collector;

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
    private GcCollection? _inside;
    private GcCollection? _background;

    /// <summary>Threads are being asked to stand still.</summary>
    /// <param name="at">Since when.</param>
    /// <param name="reason">What for, as the runtime says.</param>
    /// <param name="forCollection">True when the collector asks.</param>
    public void SuspensionBegan(Timestamp at, string reason, bool forCollection)
    {
        (_began, _still, _inside) = (at, null, null);
        (_reason, _isForCollection) = (reason, forCollection);
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
        pause = new GcPause(began, at - began, suspending, collection?.Generation, collection?.Reason ?? _reason);
        return true;
    }

    /// <summary>Events are missing.</summary>
    public void Forget() => (_began, _inside, _background) = (null, null, null);
}
