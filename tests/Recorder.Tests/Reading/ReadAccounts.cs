using Observatory.Timeline;
using ThreadState = Observatory.Timeline.ThreadState;

namespace Observatory.Recorder.Tests;

/// <summary>
/// Rebuilds what threads did from a trace alone, as Perfetto's own importer does: the state a thread leaves a CPU in is
/// that of <c>sched_switch</c>, a wake-up ends a sleep. Then every unit's account from the states inside its slice.
/// </summary>
internal sealed class ReadAccounts
{
    private readonly PerfettoReader _file;
    private readonly Dictionary<int, List<(long From, ThreadState State)>> _states = [];

    public ReadAccounts(PerfettoReader file)
    {
        _file = file;
        var moments = new SortedDictionary<long, (List<ReadSwitch> Switches, List<int> Woken)>();
        (List<ReadSwitch> Switches, List<int> Woken) At(long at)
        {
            if (!moments.TryGetValue(at, out var moment)) moments.Add(at, moment = ([], []));
            return moment;
        }

        foreach (ReadSwitch change in file.Switches) At(change.At).Switches.Add(change);
        foreach (var woken in file.WakeUps) At(woken.At).Woken.Add(woken.Thread);
        foreach (var made in file.NewThreads) At(made.At).Woken.Add(made.Thread);
        foreach ((long at, var moment) in moments) Apply(at, moment.Switches, moment.Woken);
    }

    /// <summary>Threads that have a state.</summary>
    public IEnumerable<int> Threads => _states.Keys;

    /// <summary>Since when a thread has had a state.</summary>
    public long FirstOf(int thread) => _states[thread][0].From;

    /// <summary>The account of a unit, from the slice on its thread's track.</summary>
    public StateTimes AccountOf(ReadSlice unit) => TimesOf(unit.Track.Thread, unit.From, unit.To);

    /// <summary>The account of a unit that moves between threads: its slice, its gaps below it, and its segments elsewhere.</summary>
    public StateTimes AccountOfMoving(ReadSlice unit)
    {
        var times = default(StateTimes);
        foreach (ReadSlice segment in _file.Slices.Where(slice => slice.Track.Thread > 0 && slice.Arguments.GetValueOrDefault("unit") == unit.Arguments["unit"]))
        {
            Assert.Equal(unit.Flow, segment.Flow);
            times.Add(TimesOf(segment.Track.Thread, segment.From, segment.To));
        }

        // What is on the same track at the same time is below it.
        foreach (ReadSlice gap in _file.Slices.Where(slice => slice.Track.Uuid == unit.Track.Uuid && slice.Arguments.Count == 0 && slice.From >= unit.From && slice.To <= unit.To))
        {
            StateTimes inside = Clipped(gap.From, gap.To, Enum.Parse<AccountState>(gap.Name.Split(' ')[0], ignoreCase: true));
            times.Add(inside);
        }

        return times;
    }

    private StateTimes Clipped(long from, long to, AccountState state)
    {
        ReadSlice[] lost = Of("loss: runtime events", from, to);
        ReadSlice[] suspended = Of("GC suspensions", from, to);
        var times = default(StateTimes);
        long[] edges = [.. lost.Concat(suspended).SelectMany(slice => new[] { slice.From, slice.To }).Append(from).Append(to).Where(at => at >= from && at <= to).Distinct().Order()];
        for (int i = 0; i + 1 < edges.Length; i++)
        {
            bool In(ReadSlice[] slices) => slices.Any(slice => slice.From <= edges[i] && slice.To > edges[i]);
            times[In(lost) ? AccountState.Unknown : In(suspended) ? AccountState.Gc : state] += new Duration(edges[i + 1] - edges[i]);
        }

        return times;
    }

    public StateTimes TimesOf(int thread, long from, long to)
    {
        ReadSlice[] lost = Of("loss: runtime events", from, to);
        ReadSlice[] suspended = Of("GC suspensions", from, to);
        ReadSlice[] beside = [.. _file.Slices.Where(slice => slice.Track.Name.StartsWith("not told by switches: ", StringComparison.Ordinal)
            && _file.Tracks[slice.Track.Parent].Thread == thread && slice.To > from && slice.From < to)];
        var states = _states.TryGetValue(thread, out var known) ? known : [];
        long[] edges = [.. lost.Concat(suspended).Concat(beside).SelectMany(slice => new[] { slice.From, slice.To })
            .Concat(states.Select(state => state.From)).Append(from).Append(to).Where(at => at >= from && at <= to).Distinct().Order()];
        var times = default(StateTimes);
        for (int i = 0; i + 1 < edges.Length; i++)
        {
            long at = edges[i];
            bool In(ReadSlice[] slices) => slices.Any(slice => slice.From <= at && slice.To > at);
            AccountState state = In(lost) ? AccountState.Unknown
                : In(suspended) ? AccountState.Gc
                : beside.FirstOrDefault(slice => slice.From <= at && slice.To > at) is { } told
                    ? told.Name.StartsWith("unknown", StringComparison.Ordinal) ? AccountState.Unknown : AccountState.Running
                    : Charged(states.LastOrDefault(state => state.From <= at).State);
            times[state] += new Duration(edges[i + 1] - at);
        }

        return times;
    }

    private ReadSlice[] Of(string track, long from, long to) =>
        [.. _file.Slices.Where(slice => slice.Track.Name == track && slice.To > from && slice.From < to)];

    private void Apply(long at, List<ReadSwitch> switches, List<int> woken)
    {
        // Between CPUs, what leaves at an instant does so before what comes at the same one.
        foreach (ReadSwitch change in switches) Set(change.Previous, at, Left(change.PreviousState));
        foreach (int thread in woken)
        {
            bool sleeps = !_states.TryGetValue(thread, out var states) || states[^1].State is ThreadState.Blocked or ThreadState.Unknown;
            if (sleeps) Set(thread, at, ThreadState.Waking);
        }

        foreach (IGrouping<int, ReadSwitch> cpu in switches.GroupBy(change => change.Cpu)) Set(cpu.Last().Next, at, ThreadState.Running);
    }

    private void Set(int thread, long at, ThreadState state)
    {
        if (thread == 0) return;
        if (!_states.TryGetValue(thread, out var states)) _states.Add(thread, states = []);
        if (states.Count > 0 && states[^1].From == at) states.RemoveAt(states.Count - 1);
        states.Add((at, state));
    }

    private static ThreadState Left(long previousState) => previousState switch
    {
        0 => ThreadState.Waking,
        1 => ThreadState.Blocked,
        0x10 => ThreadState.Unknown,
        0x100 => ThreadState.Preempted,
        _ => throw new InvalidDataException($"state {previousState}"),
    };

    private static AccountState Charged(ThreadState state) => state switch
    {
        ThreadState.Running => AccountState.Running,
        ThreadState.Preempted => AccountState.Preempted,
        ThreadState.Waking => AccountState.Waking,
        ThreadState.Blocked => AccountState.Blocked,
        _ => AccountState.Unknown,
    };
}
