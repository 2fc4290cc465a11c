using Observatory.Recorder.Tests;

namespace Observatory.EndToEnd.Tests;

/// <summary>What a trace's switches alone say of who had the CPUs that a unit's threads had lost.</summary>
internal static class ReadPreemptors
{
    /// <summary>The name of the thread that had them longest.</summary>
    /// <param name="file">The trace.</param>
    /// <param name="parts">The slices of the unit on the tracks of the threads that worked on it.</param>
    public static string Longest(PerfettoReader file, IEnumerable<ReadSlice> parts)
    {
        Dictionary<string, long> times = [];
        foreach (ReadSlice part in parts)
        {
            int thread = part.Track.Thread;
            ReadSwitch[] inside = [.. file.Switches.Where(change => change.At >= part.From && change.At <= part.To).OrderBy(change => change.At)];
            foreach (ReadSwitch lost in inside.Where(change => change.Previous == thread && change.PreviousState == 0x100))
            {
                long back = inside.FirstOrDefault(change => change.Next == thread && change.At > lost.At)?.At ?? part.To;
                ReadSwitch[] holders = [.. inside.Where(change => change.Cpu == lost.Cpu && change.At >= lost.At && change.At <= back)];
                for (int i = 0; i < holders.Length; i++)
                {
                    string name = file.Threads.TryGetValue(holders[i].Next, out (int Process, string Name) holder) ? holder.Name : "";
                    times[name] = times.GetValueOrDefault(name) + (i + 1 < holders.Length ? holders[i + 1].At : back) - holders[i].At;
                }
            }
        }

        return times.MaxBy(time => time.Value).Key;
    }
}
