using Observatory.Recorder;
using Observatory.Timeline;
using ThreadState = Observatory.Timeline.ThreadState;

namespace Observatory.Collector;

/// <summary>Draws the small picture of a trace: what had the CPUs, what the target's threads did, when the runtime was suspended.</summary>
internal static class TracePicture
{
    /// <summary>More would make a page of many traces heavy, and could not be told apart.</summary>
    private const int MostSlicesOfLane = 300;

    private const int MostThreads = 8;

    /// <param name="window">What happened.</param>
    /// <param name="unit">The part that is marked.</param>
    /// <param name="moving">The unit; null where there is none.</param>
    /// <param name="names">Names of threads.</param>
    public static TraceTimeline Draw(RecordedWindow window, TimeRange unit, RecordedUnit? moving, Func<int, ThreadName> names)
    {
        Timestamp from = Timestamp.Later(window.Focus.From, window.From);
        Timestamp to = Timestamp.Earlier(window.Focus.To, window.To);
        if (to <= from) return new TraceTimeline(0, 0, 0, []);
        double length = Micros(to - from);
        List<TraceLane> lanes = [];
        if (moving is { Stretches.Count: > 0 }) lanes.Add(Lane(moving.Kind.ToString().ToLowerInvariant(), Parts(window, moving)));
        HashSet<int> own = [.. moving?.Stretches.Select(part => part.Thread) ?? []];
        foreach (IGrouping<int, CpuSlice> cpu in window.Lanes.GroupBy(lane => lane.Cpu).OrderBy(cpu => cpu.Key))
        {
            lanes.Add(Lane($"CPU {cpu.Key}", cpu.Select(held => Slice(
                held.From, held.To, window.Roles.ContainsKey(held.Thread) ? "target" : "other", NameOf(held.Thread)))));
        }

        foreach (IGrouping<int, ThreadSlice> thread in window.States.GroupBy(state => state.Thread)
            .Where(thread => thread.Any(state => state.State == ThreadState.Running))
            .OrderByDescending(thread => WorksOnUnit(thread.Key))
            .ThenByDescending(thread => thread.Where(state => state.State == ThreadState.Running).Sum(state => Micros(state.To - state.From)))
            .Take(MostThreads))
        {
            // That the unit's own thread sleeps is part of the answer; of others it would fill the picture.
            lanes.Add(Lane($"{NameOf(thread.Key)} ({thread.Key})", thread.Where(state => state.State != ThreadState.Blocked || WorksOnUnit(thread.Key)).Select(state =>
            {
                string kind = state.State.ToString().ToLowerInvariant();
                return Slice(state.From, state.To, kind, kind);
            })));
        }

        IEnumerable<TimeRange> suspensions = window.Suspensions.Where(pause => pause.Inside(from, to) > Duration.Zero);
        if (suspensions.Any()) lanes.Add(Lane("GC", suspensions.Select(pause => Slice(pause.From, pause.To, "gc", "runtime suspended"))));
        return new TraceTimeline(
            length, Math.Clamp(Micros(unit.From - from), 0, length), Math.Clamp(Micros(unit.To - from), 0, length), lanes);

        bool WorksOnUnit(int thread) => own.Contains(thread) || window.Roles.GetValueOrDefault(thread) == ThreadRole.Driving;

        string NameOf(int thread) => thread <= 0 ? "not known" : names(thread) is var name && window.Roles.ContainsKey(thread) ? name.Name : names(thread).Command;

        // What the unit's wall time consists of: the states of the thread that works on it, and its gaps.
        IEnumerable<TraceSlice> Parts(RecordedWindow of, RecordedUnit whole)
        {
            ILookup<int, ThreadSlice> states = of.States.ToLookup(state => state.Thread);
            foreach (UnitStretch part in whole.Stretches)
            {
                if (part.Thread == 0)
                {
                    yield return Slice(part.From, part.To, Names.State(part.Gap), part.GapName);
                    continue;
                }

                foreach (ThreadSlice state in states[part.Thread].Where(state => state.From < part.To && state.To > part.From))
                {
                    string kind = state.State.ToString().ToLowerInvariant();
                    yield return Slice(Timestamp.Later(state.From, part.From), Timestamp.Earlier(state.To, part.To), kind, $"{kind} on {NameOf(part.Thread)}");
                }
            }
        }

        TraceSlice Slice(Timestamp began, Timestamp ended, string kind, string name)
        {
            double start = Math.Max(0, Micros(began - from));
            return new TraceSlice(Math.Round(start, 1), Math.Round(Math.Min(length, Micros(ended - from)) - start, 1), kind, name);
        }

        TraceLane Lane(string name, IEnumerable<TraceSlice> slices) =>
            new(name, [.. slices.OrderByDescending(slice => slice.Length).Take(MostSlicesOfLane).OrderBy(slice => slice.From)]);
    }

    private static double Micros(Duration span) => span.Nanoseconds / 1e3;
}
