using Observatory.Timeline;

namespace Observatory.Recorder;

/// <summary>
/// Writes the units of work: iterations on their thread's track, the slowest with their accounts, so that the arguments of
/// the others do not outweigh all that the scheduler did; units that move between threads by <see cref="MovingUnitTracks"/>.
/// The one that the file was written for stands out on a track above the threads.
/// </summary>
internal sealed class UnitTracks(TrackPackets tracks, RecordedWindow window, TraceFacts facts, Func<int, string> nameOfThread)
{
    private static readonly string[] StateArguments = [.. StateTimes.UnitStates.Select(state => $"{state.ToString().ToLowerInvariant()}_ns")];

    /// <summary>Iterations whose account stands beside them.</summary>
    private const int MostWithAccounts = 4096;

    /// <summary>Units that are drawn where each takes several slices.</summary>
    private const int MostMoving = 1024;

    /// <param name="process">The target's track.</param>
    /// <param name="threads">Tracks of the target's threads.</param>
    public void Write(int process, IReadOnlyDictionary<int, int> threads)
    {
        var moving = new MovingUnitTracks(tracks, window, nameOfThread);
        if (facts.Unit is { } id && window.Units.FirstOrDefault(unit => unit.Id == id) is { } captured)
        {
            int marked = tracks.Child(process, "captured unit");
            string name = $"captured: {NameOf(captured)}";
            moving.Whole(marked, captured, name, [.. Arguments(captured, null), .. facts.Arguments], flow: 0, namesThreads: true);
        }

        Dictionary<UnitId, int> ranks = Ranks();
        RecordedUnit[] slowestFirst = [.. window.Units.OrderByDescending(LengthOf)];
        HashSet<UnitId> slowest = [.. slowestFirst.GroupBy(unit => unit.Kind).SelectMany(kind => kind.Take(kind.Key == UnitKind.Iteration ? MostWithAccounts : MostMoving)).Select(unit => unit.Id)];
        HashSet<UnitId> drawn = [.. slowestFirst.Take(tracks.RoomForSlices).Select(unit => unit.Id)];
        foreach (RecordedUnit unit in window.Units.Where(unit => unit.Kind == UnitKind.Iteration && drawn.Contains(unit.Id)))
        {
            IEnumerable<TraceArgument> arguments = slowest.Contains(unit.Id) ? Arguments(unit, Rank(unit)) : [];
            tracks.Slice(threads[unit.Thread], Timestamp.Later(unit.Began, window.From), unit.Ended ?? window.To, NameOf(unit), arguments);
        }

        // One that moves takes several slices: beside the slowest, those around the captured one are drawn.
        moving.Write(process, threads, window.Units.Where(unit =>
            unit.Kind != UnitKind.Iteration && drawn.Contains(unit.Id) && (slowest.Contains(unit.Id) || IsNear(unit))),
            NameOf, unit => Arguments(unit, Rank(unit)));

        int? Rank(RecordedUnit unit) => ranks.TryGetValue(unit.Id, out int place) ? place : null;
    }

    private bool IsNear(RecordedUnit unit) => window.Focus.Inside(unit.Began, unit.Ended ?? window.To) > Duration.Zero;

    private Duration LengthOf(RecordedUnit unit) => (unit.Ended ?? window.To) - unit.Began;

    private string NameOf(RecordedUnit unit) => facts.NameOfUnit(unit.Kind, unit.Configuration);

    private IEnumerable<TraceArgument> Arguments(RecordedUnit unit, int? rank)
    {
        yield return new TraceArgument(unit.Kind == UnitKind.Iteration ? "iteration" : "unit", unit.Iteration);
        if (rank is { } place) yield return new TraceArgument("rank", place);
        if (unit.Began < window.From) yield return new TraceArgument("began_before_ns", (window.From - unit.Began).Nanoseconds);
        if (unit.Account is not { } account) yield break;
        for (int i = 0; i < StateArguments.Length; i++)
        {
            Duration time = account.Times[StateTimes.UnitStates[i]];
            if (time > Duration.Zero) yield return new TraceArgument(StateArguments[i], time.Nanoseconds);
        }

        if (!account.IsComplete) yield return new TraceArgument("incomplete", account.Reasons.ToString());
    }

    /// <summary>The place of each unit among those of its configuration in the window, the slowest first.</summary>
    private Dictionary<UnitId, int> Ranks() => window.Units
        .Where(unit => unit.Account is not null)
        .GroupBy(unit => (unit.Kind, unit.Configuration))
        .SelectMany(group => group.OrderByDescending(unit => unit.Account!.Value.Wall).Select((unit, place) => (unit.Id, place + 1)))
        .ToDictionary(ranked => ranked.Id, ranked => ranked.Item2);
}
