using Observatory.Timeline;

namespace Observatory.Recorder;

/// <summary>What a trace tells of the machine, of the observation and of the reason it was written.</summary>
public sealed record TraceFacts
{
    /// <summary>The kernel's release, as <c>uname -r</c> says it: without it the states of threads are read wrong.</summary>
    public required string KernelRelease { get; init; }

    /// <summary>The machine's architecture, as <c>uname -m</c> says it.</summary>
    public required string Machine { get; init; }

    /// <summary>What the boot-time clock is ahead of the monotonic one.</summary>
    public Duration BootMinusMonotonic { get; init; }

    /// <summary>What the wall clock is ahead of the monotonic one.</summary>
    public Duration RealMinusMonotonic { get; init; }

    /// <summary>Names a thread that no generation has named.</summary>
    public required Func<int, ThreadName> NameOfThread { get; init; }

    /// <summary>Names the units of a configuration.</summary>
    public required Func<UnitKind, long, string> NameOfUnit { get; init; }

    /// <summary>What was noted in the window.</summary>
    public IReadOnlyList<RecordedNote> Notes { get; init; } = [];

    /// <summary>Size that the file should not exceed. Slices that would exceed it are left out, and the file says how many.</summary>
    public long MostBytes { get; init; } = PerfettoFile.MostBytes;

    /// <summary>The unit that the file is written for.</summary>
    public UnitId? Unit { get; init; }

    /// <summary>What stands beside that unit: the reason, cause lines, tier, losses, versions.</summary>
    public IReadOnlyList<TraceArgument> Arguments { get; init; } = [];
}

/// <summary>How much a file holds.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="SchedulerEvents">Switches and wake-ups in it.</param>
public readonly record struct PerfettoSize(long Bytes, long SchedulerEvents);

/// <summary>Writes a window as a Perfetto trace (<c>.pftrace</c>).</summary>
public static class PerfettoFile
{
    /// <summary>Perfetto's page stays quick up to here.</summary>
    public const long MostBytes = 20_000_000;

    /// <summary>Room for what must not be left out: descriptors of tracks, the captured unit, values of counters.</summary>
    private const long Reserve = 1_000_000;

    /// <param name="output">Where to.</param>
    /// <param name="window">What happened.</param>
    /// <param name="facts">What is to be told with it.</param>
    public static PerfettoSize Write(Stream output, RecordedWindow window, TraceFacts facts)
    {
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(facts);
        using var packets = new PacketStream(output, facts.BootMinusMonotonic, facts.MostBytes - Reserve);
        using var content = new ProtoMessage();
        using var detail = new ProtoMessage();
        WriteHead(packets, content, detail, window, facts);
        var names = new WindowNames(window, facts.NameOfThread);
        RecordedUnit? unit = window.Units.FirstOrDefault(unit => unit.Id == facts.Unit);
        var closely = new TimeRange(unit?.Began ?? Timestamp.Never, unit?.Ended ?? window.To);
        using var scheduler = new SchedulerPackets(
            packets, window, closely, new BlockedReasons(window, facts.Notes, names.Of), thread => names.Of(thread).Name);
        scheduler.Write();
        WriteProcesses(packets, content, detail, scheduler.Mentioned, names);
        using var tracks = new TrackPackets(packets);
        WriteTracks(tracks, window, facts, names);
        return new PerfettoSize(packets.Length, scheduler.Written);
    }

    private static void WriteHead(PacketStream packets, ProtoMessage content, ProtoMessage detail, RecordedWindow window, TraceFacts facts)
    {
        foreach ((int clock, Timestamp at) in (ReadOnlySpan<(int, Timestamp)>)
            [
                (Schema.Clocks.RealTime, window.From + facts.RealMinusMonotonic),
                (Schema.Clocks.Monotonic, window.From),
                (Schema.Clocks.BootTime, window.From + facts.BootMinusMonotonic),
            ])
        {
            content.Take(Schema.Clocks.Clock, detail.Number(Schema.Clocks.ClockId, clock).Number(Schema.Clocks.ClockTimestamp, at.Nanoseconds));
        }

        packets.Write(Schema.Packet.ClockSnapshot, content.Number(Schema.Clocks.Primary, Schema.Clocks.BootTime));
        detail.Text(Schema.SystemInfo.Sysname, "Linux").Text(Schema.SystemInfo.Release, facts.KernelRelease)
            .Text(Schema.SystemInfo.Machine, facts.Machine);
        packets.Write(Schema.Packet.SystemInfo, content.Take(Schema.SystemInfo.Utsname, detail), window.From);
    }

    private static void WriteProcesses(
        PacketStream packets, ProtoMessage content, ProtoMessage detail, Dictionary<int, int> mentioned, WindowNames names)
    {
        Dictionary<int, string> processes = [];
        foreach ((int thread, int told) in mentioned)
        {
            ThreadName name = names.Of(thread);
            int process = told > 0 ? told : name.Process;
            if (process <= 0) continue;
            processes.TryAdd(process, name.Process == process ? name.Command : names.Of(process).Name);
            detail.Number(Schema.ProcessTree.ThreadId, thread).Text(Schema.ProcessTree.ThreadName, name.Name)
                .Number(Schema.ProcessTree.ThreadProcess, process);
            content.Take(Schema.ProcessTree.Threads, detail);
        }

        foreach ((int process, string command) in processes)
        {
            detail.Number(Schema.ProcessTree.ProcessPid, process).Text(Schema.ProcessTree.ProcessCommandLine, command);
            content.Take(Schema.ProcessTree.Processes, detail);
        }

        packets.Write(Schema.Packet.ProcessTree, content);
    }

    private static void WriteTracks(TrackPackets tracks, RecordedWindow window, TraceFacts facts, WindowNames names)
    {
        int process = tracks.Process(window.Process, names.Of(window.Process).Command);
        Dictionary<int, int> threads = [];
        foreach (int thread in window.Roles.Keys.Order())
            threads.Add(thread, tracks.Thread(window.Process, thread, names.Of(thread).Name));
        new UnitTracks(tracks, window, facts, thread => names.Of(thread).Name).Write(process, threads);
        if (window.Suspensions.Count > 0)
        {
            int suspensions = tracks.Child(process, "GC suspensions");
            foreach (TimeRange suspension in window.Suspensions)
                tracks.Slice(suspensions, Timestamp.Later(suspension.From, window.From), suspension.To, "runtime suspended");
        }

        RecordedNote[] pauses = [.. facts.Notes.Where(note => note.Kind is NoteKind.GcPause or NoteKind.GcSuspending && note.To > note.From)];
        if (pauses.Length > 0)
        {
            // The first part of a pause lies in it, on a track of its own: two that begin together nest in no certain order.
            int whole = tracks.Child(process, "GC pauses");
            int first = tracks.Child(process, "GC waits for threads to stand still");
            foreach (RecordedNote pause in pauses)
            {
                bool isWhole = pause.Kind == NoteKind.GcPause;
                string generation = pause.Value >= 0 ? $"GC gen {pause.Value}" : "no collection";
                tracks.Slice(
                    isWhole ? whole : first, Timestamp.Later(pause.From, window.From), pause.To, isWhole ? $"{generation}, {pause.Text}" : "suspending");
            }
        }

        foreach (IGrouping<int, RecordedNote> waits in facts.Notes.Where(note => note.Kind == NoteKind.Contention).GroupBy(note => note.Thread))
        {
            if (!threads.TryGetValue(waits.Key, out int thread)) continue;
            int track = tracks.Child(thread, $"locks waited for by {names.Of(waits.Key).Name}");
            foreach (RecordedNote wait in waits)
            {
                string holder = wait.Value > 0 ? names.Of((int)wait.Value).Name : "not known";
                tracks.Slice(track, Timestamp.Later(wait.From, window.From), wait.To, $"lock held by {holder}");
            }
        }

        foreach (IGrouping<int, ThreadSlice> slices in window.BesideSwitches.GroupBy(slice => slice.Thread))
        {
            if (!threads.TryGetValue(slices.Key, out int thread)) continue;
            int track = tracks.Child(thread, $"{BesideSwitches}{names.Of(slices.Key).Name}");
            foreach (ThreadSlice slice in slices)
            {
                bool isUnknown = slice.State == Timeline.ThreadState.Unknown;
                tracks.Slice(track, slice.From, slice.To, isUnknown ? $"unknown: {slice.Why}" : "running, proven by the thread's own event");
            }
        }

        foreach (IGrouping<LossScope, RecordedLoss> losses in window.Losses.GroupBy(loss => loss.Scope))
        {
            int track = tracks.Child(process, $"loss: {NameOf(losses.Key, names)}");
            foreach (RecordedLoss loss in losses) tracks.Slice(track, loss.From, loss.To, loss.Why.ToString());
        }

        new CounterTracks(tracks, window, facts.Notes).Write(process);
        if (tracks.LeftOut == 0) return;
        string leftOut = $"{tracks.LeftOut} slices left out: the file is full";
        int full = tracks.Child(process, leftOut);
        tracks.Begin(full, window.From, leftOut, null, flow: 0);
        tracks.End(full, window.To);
    }

    /// <summary>How the tracks begin that correct the states of threads.</summary>
    internal const string BesideSwitches = "not told by switches: ";

    private static string NameOf(LossScope scope, WindowNames names) => scope switch
    {
        { IsRuntime: true } => "runtime events",
        _ when scope == LossScope.PageFaults => "page faults",
        { IsThread: true } => $"switches of {names.Of(scope.ThreadId).Name}",
        { IsRing: true } => $"CPU {scope.Value}",
        _ => "all switches",
    };
}

/// <summary>Names of threads, as the newest generation has them that has any.</summary>
internal sealed class WindowNames(RecordedWindow window, Func<int, ThreadName> others)
{
    private readonly Dictionary<int, ThreadName> _known = [];

    public ThreadName Of(int thread)
    {
        if (_known.TryGetValue(thread, out ThreadName known)) return known;
        ThreadName? name = null;
        for (int i = window.Generations.Count - 1; name is null && i >= 0; i--)
        {
            if (window.Generations[i].Names is { } names && names.TryGetValue(thread, out ThreadName found)) name = found;
        }

        return _known[thread] = name ?? others(thread);
    }
}
