using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// Ids that several requests have which are open at once (<see cref="ActivityPath.IsShared"/>), and how many do: none of them has an
/// account, nor has one that comes while they are open.
/// </summary>
/// <param name="longestSilence">Where an end may have been lost and nothing has been seen of an id for so long, all of its requests have ended.</param>
internal sealed class SharedIds(Duration longestSilence)
{
    private readonly Dictionary<ActivityPath, (int Open, Timestamp SeenAt, long KnownAfter)> _known = [];
    private Timestamp _looked = Timestamp.Zero;

    /// <summary>Ids that are known.</summary>
    public int Count => _known.Count;

    /// <summary>A second request has begun with an id.</summary>
    /// <param name="at">When.</param>
    /// <param name="id">The id.</param>
    /// <param name="losses">Losses so far.</param>
    public void Add(Timestamp at, in ActivityPath id, long losses) => _known[id] = (2, at, losses);

    /// <summary>A request begins. False when its id is not one of these.</summary>
    public bool TryBegin(Timestamp at, in ActivityPath id) => TryCount(at, id, 1);

    /// <summary>A request has ended. False when its id is not one of these.</summary>
    public bool TryEnd(Timestamp at, in ActivityPath id) => TryCount(at, id, -1);

    /// <summary>Gives up ids of which an end was lost: they would be shared for ever, and there is not room for all of them.</summary>
    /// <param name="at">Now.</param>
    /// <param name="losses">Losses so far.</param>
    public void DropSilent(Timestamp at, long losses)
    {
        if (at - _looked < longestSilence) return;
        _looked = at;
        foreach (ActivityPath id in _known.Keys.Where(id => _known[id].KnownAfter < losses && at - _known[id].SeenAt >= longestSilence).ToArray())
            _known.Remove(id);
    }

    private bool TryCount(Timestamp at, in ActivityPath id, int step)
    {
        if (!_known.TryGetValue(id, out (int Open, Timestamp, long KnownAfter) known)) return false;
        if (known.Open + step == 0) _known.Remove(id);
        else _known[id] = (known.Open + step, at, known.KnownAfter);
        return true;
    }
}
