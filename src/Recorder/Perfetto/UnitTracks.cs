using Observatory.Timeline;

namespace Observatory.Recorder;

/// <summary>
/// Writes the units of work: each on its thread's track, the slowest with their accounts, so that the arguments of the
/// others do not outweigh all that the scheduler did. The one that the file was written for stands out on a track above
/// the threads, which is no thread's own, so that a unit can lie there whatever threads it ran on.
/// </summary>
internal sealed class UnitTracks(TrackPackets tracks, RecordedWindow window, TraceFacts facts)
{
    private static readonly string[] StateArguments = [.. StateTimes.States.Select(state => $"{state.ToString().ToLowerInvariant()}_ns")];

    /// <summary>Units whose account stands beside them: as many as anybody looks through.</summary>
    private const int MostWithAccounts = 4096;

    /// <param name="process">The target's track.</param>
    /// <param name="threads">Tracks of the target's threads.</param>
    public void Write(int process, IReadOnlyDictionary<int, int> threads)
    {
        if (window.Units.FirstOrDefault(unit => unit.Iteration == facts.Unit) is { } captured)
        {
            int marked = tracks.Child(process, "captured unit");
            Write(marked, captured, $"captured: {NameOf(captured)}", [.. Arguments(captured, null), .. facts.Arguments]);
        }

        Dictionary<long, int> ranks = Ranks();
        HashSet<long> slowest = [.. window.Units.OrderByDescending(LengthOf).Take(MostWithAccounts).Select(unit => unit.Iteration)];
        foreach (RecordedUnit unit in window.Units)
        {
            int? rank = ranks.TryGetValue(unit.Iteration, out int found) ? found : null;
            Write(threads[unit.Thread], unit, NameOf(unit), slowest.Contains(unit.Iteration) ? Arguments(unit, rank) : []);
        }
    }

    private Duration LengthOf(RecordedUnit unit) => (unit.Ended ?? window.To) - unit.Began;

    private void Write(int track, RecordedUnit unit, string name, IEnumerable<TraceArgument> arguments) =>
        tracks.Slice(track, Timestamp.Later(unit.Began, window.From), unit.Ended ?? window.To, name, arguments);

    private string NameOf(RecordedUnit unit) => facts.NameOfUnit(unit.Configuration);

    private IEnumerable<TraceArgument> Arguments(RecordedUnit unit, int? rank)
    {
        yield return new TraceArgument("iteration", unit.Iteration);
        if (rank is { } place) yield return new TraceArgument("rank", place);
        if (unit.Began < window.From) yield return new TraceArgument("began_before_ns", (window.From - unit.Began).Nanoseconds);
        if (unit.Account is not { } account) yield break;
        for (int i = 0; i < StateArguments.Length; i++)
        {
            Duration time = account.Times[StateTimes.States[i]];
            if (time > Duration.Zero) yield return new TraceArgument(StateArguments[i], time.Nanoseconds);
        }

        if (!account.IsComplete) yield return new TraceArgument("incomplete", account.Reasons.ToString());
    }

    /// <summary>The place of each unit among those of its configuration in the window, the slowest first.</summary>
    private Dictionary<long, int> Ranks() => window.Units
        .Where(unit => unit.Account is not null)
        .GroupBy(unit => unit.Configuration)
        .SelectMany(group => group.OrderByDescending(unit => unit.Account!.Value.Wall).Select((unit, place) => (unit.Iteration, place + 1)))
        .ToDictionary(ranked => ranked.Iteration, ranked => ranked.Item2);
}
