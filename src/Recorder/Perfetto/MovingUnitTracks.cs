using Observatory.Timeline;

namespace Observatory.Recorder;

/// <summary>
/// Writes units that move between threads. Each is one slice on an asynchronous track, with its gaps below it, and one
/// slice on the track of each thread that worked on it; a flow joins them in their order.
/// </summary>
/// <remarks>
/// Slices of one track must nest, and units overlap: so there are as many tracks of one name as there are units at once,
/// which Perfetto shows as one.
/// </remarks>
internal sealed class MovingUnitTracks(TrackPackets tracks, RecordedWindow window, Func<int, string> nameOfThread)
{
    /// <param name="process">The target's track.</param>
    /// <param name="threads">Tracks of the target's threads.</param>
    /// <param name="units">The units.</param>
    /// <param name="name">Names one.</param>
    /// <param name="arguments">What stands beside one.</param>
    public void Write(
        int process, IReadOnlyDictionary<int, int> threads, IEnumerable<RecordedUnit> units,
        Func<RecordedUnit, string> name, Func<RecordedUnit, IEnumerable<TraceArgument>> arguments)
    {
        RecordedUnit[] inOrder = [.. units.OrderBy(unit => unit.Began).ThenBy(unit => unit.Iteration)];
        var free = new PriorityQueue<int, Timestamp>();
        foreach (RecordedUnit unit in inOrder)
        {
            bool isFree = free.TryPeek(out int track, out Timestamp over) && over <= Timestamp.Later(unit.Began, window.From);
            if (isFree) free.Dequeue();
            else track = tracks.Child(process, "requests");
            free.Enqueue(track, unit.Ended ?? window.To);
            Whole(track, unit, name(unit), arguments(unit), FlowOf(unit), namesThreads: false);
        }

        // On a thread the next begins when the last has ended: so they are written in the order of time.
        IEnumerable<(RecordedUnit Unit, UnitStretch Work)> segments = inOrder
            .SelectMany(unit => unit.Stretches.Where(stretch => threads.ContainsKey(stretch.Thread)).Select(stretch => (unit, stretch)))
            .OrderBy(segment => segment.stretch.From);
        foreach ((RecordedUnit unit, UnitStretch work) in segments)
            tracks.Slice(threads[work.Thread], work.From, work.To, name(unit), [new TraceArgument("unit", unit.Iteration)], FlowOf(unit));
    }

    /// <summary>A unit as one slice from end to end, with what it waited for below it.</summary>
    /// <param name="track">Where.</param>
    /// <param name="unit">The unit, of any kind.</param>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">What stands beside it.</param>
    /// <param name="flow">Joins it with its segments; 0 for none.</param>
    /// <param name="namesThreads">True to show the threads below it as well.</param>
    public void Whole(int track, RecordedUnit unit, string name, IEnumerable<TraceArgument> arguments, ulong flow, bool namesThreads)
    {
        Timestamp from = Timestamp.Later(unit.Began, window.From), to = unit.Ended ?? window.To;
        tracks.Begin(track, from, name, arguments, flow);
        foreach (UnitStretch stretch in unit.Stretches)
        {
            if (stretch.Thread != 0 && !namesThreads) continue;
            string what = stretch.Thread == 0 ? stretch.GapName : $"on {nameOfThread(stretch.Thread)}";
            tracks.Slice(track, Timestamp.Later(stretch.From, from), Timestamp.Earlier(stretch.To, to), what);
        }

        tracks.End(track, to);
    }

    // Never 0, which is no flow.
    private static ulong FlowOf(RecordedUnit unit) => (ulong)(unit.Iteration << 2) | 2ul | (ulong)unit.Kind & 1;
}
