using System.Globalization;

namespace Observatory.Timeline.Tests;

/// <summary>
/// A recording and what the timeline makes of it, in one text. A line is an event: time, verb, CPU (c0), thread (t7 of
/// the target, x9 of another process), iteration (#1), request (u1). What comes of it stands below it, behind <c>=></c>.
/// </summary>
/// <remarks>
/// The story is told again with the timeline's own results and must come out as it was written. Waits, suspensions
/// and what stands details an account are told only where the story speaks of them. Both streams join at 0 unless the story has a <c>join</c>, and follow
/// the recording line by line unless it has an <c>advance</c>. At the end everything is flushed.
/// </remarks>
internal static class Story
{
    public static void Check(string story, TimelineLimits? limits = null, bool seesWholeMachine = true)
    {
        List<string> written = [.. story.Split('\n').Select(Squeeze).Where(line => line.Length > 0)];
        List<string> told = Tell([.. written.Where(line => !IsResult(line)).Select(StoryLine.Parse)], limits, seesWholeMachine);
        told.RemoveAll(line => IsAside(line) && !written.Exists(other => IsResult(other) && Kind(other) == Kind(line)));
        Assert.Equal(string.Join('\n', written), string.Join('\n', told));
    }

    private static List<string> Tell(List<StoryLine> lines, TimelineLimits? limits, bool seesWholeMachine)
    {
        var recorder = new Recorder();
        var timeline = new Timeline(StoryLine.Target, recorder, limits, seesWholeMachine: seesWholeMachine);
        if (!lines.Exists(line => line.Verb == "join")) Both(Timestamp.Zero, timeline.Join);
        bool byHand = lines.Exists(line => line.Verb == "advance");
        List<string> told = [];
        Timestamp now = Timestamp.Zero;
        for (int i = 0; i < lines.Count; i++)
        {
            lines[i].Tell(timeline);
            told.Add(lines[i].Text);
            now = Timestamp.Later(now, lines[i].At);
            bool isLast = i + 1 == lines.Count;
            if (!byHand && (isLast || lines[i + 1].At > now)) Both(now, timeline.Advance);
            if (isLast) timeline.Flush();
            if (isLast) recorder.DescribeProcess(timeline);
            told.AddRange(recorder.TakeLines(timeline.Counters).Select(result => "=> " + result));
        }

        Assert.Equal(0, timeline.Held);
        return told;
    }

    private static void Both(Timestamp at, Action<StreamKind, Timestamp> step)
    {
        step(StreamKind.Runtime, at);
        step(StreamKind.Scheduler, at);
    }

    private static string Squeeze(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    private static bool IsResult(string line) => line.StartsWith("=>", StringComparison.Ordinal);
    private static string Kind(string line) => line.Split(' ')[1];

    private static bool IsAside(string line) => IsResult(line) &&
        Kind(line) is "waited" or "suspended" or "stopped" or "switches" or "faults" or "pool" or "process" or "preemptor" or "blocked" or "because" or "segments" or "work" or "awaited";
}

/// <summary>One line of a story: a time, a verb, and what it concerns.</summary>
internal sealed record StoryLine(string Text, Timestamp At, string[] Words)
{
    /// <summary>Process of threads whose names begin with t; others (x) belong to another process.</summary>
    public const int Target = 1;

    public string Verb => Words[0];

    public static StoryLine Parse(string text)
    {
        string[] words = text.Split(' ');
        return new StoryLine(text, new Timestamp(long.Parse(words[0], CultureInfo.InvariantCulture)), words[1..]);
    }

    public void Tell(Timeline timeline)
    {
        switch (Verb)
        {
            case "join": timeline.Join(Stream, At); break;
            case "leave": timeline.Leave(Stream, At); break;
            case "advance": timeline.Advance(Stream, At); break;
            case "off": timeline.Pause(At); break;
            case "on": timeline.Resume(At); break;
            case "lost": timeline.AddLoss(Scope, At); break;
            default: timeline.Add(ToEvent()); break;
        }
    }

    private StreamKind Stream => Enum.Parse<StreamKind>(Words[1], ignoreCase: true);

    private LossScope Scope => Words[1] switch
    {
        "runtime" => LossScope.Runtime,
        "scheduler" => LossScope.Scheduler,
        _ when Words[1][0] == 't' => LossScope.Thread(Thread),
        _ => LossScope.Cpu(Cpu),
    };

    // A ring: of a CPU (c0), or of a thread that has one of its own (r7).
    private int Cpu => Words.FirstOrDefault(word => word[0] == 'r' && char.IsAsciiDigit(word[^1])) is { } own
        ? LossScope.Thread(Number(own)).Value
        : Number('c');

    // "wake c1 t7 by t9": the thread behind "by" is the waker. The number of faults is a word without a letter.
    private int Waker => Words.Contains("interrupt") ? TimelineEvent.Interrupt
        : Words.Contains("by") ? Number(Words[Array.IndexOf(Words, "by") + 1])
        : TimelineEvent.UnknownThread;
    private long Count => long.Parse(Words.First(word => char.IsAsciiDigit(word[0])), CultureInfo.InvariantCulture);
    private ThreadRole Role => Enum.Parse<ThreadRole>(Words[^1], ignoreCase: true);
    private int Iteration => Number('#');

    // A request, which may have several segments (u1).
    private UnitId Unit => new(UnitKind.Request, Number('u'));

    // "noid" is a thread that exits so late that it has no id any more.
    private int Thread => Words.Contains("noid") ? -1 : Words.Any(IsThread) ? Number(Words.First(IsThread)) : 0;
    private int Process => Words.Contains("noid") ? -1 : Words.Contains("idle") ? 0 : Words.Any(word => word[0] == 't') ? Target : 2;

    private TimelineEvent ToEvent() => Verb switch
    {
        "in" => TimelineEvent.SwitchIn(At, Cpu, Thread, Process),
        "out" => TimelineEvent.SwitchOut(At, Cpu, Thread, Process),
        "preempt" => TimelineEvent.Preempted(At, Cpu, Thread, Process),
        "exit" => TimelineEvent.Exited(At, Cpu, Thread, Process),
        "wake" => TimelineEvent.Waking(At, Cpu, Thread, Waker),
        "fault" => TimelineEvent.PageFaults(At, Cpu, Thread, Count, Words.Contains("major")),
        "seen" => TimelineEvent.ThreadSeen(At, Thread, Process, Words.Contains("sleeping")),
        "made" => TimelineEvent.ThreadBegan(At, Thread, Process, Role, Waker),
        "role" => TimelineEvent.ThreadDescribed(At, Thread, Role),
        "suspend" => TimelineEvent.SuspensionBegan(At, Thread),
        "still" => TimelineEvent.SuspensionReached(At),
        "resume" => TimelineEvent.SuspensionEnded(At),
        "open" => TimelineEvent.UnitBegan(At, Unit, 0),
        "close" => TimelineEvent.UnitEnded(At, Unit, Thread),
        "drop" => TimelineEvent.UnitDropped(At, Unit),
        "enter" => TimelineEvent.SegmentBegan(At, Thread, Unit, new Duration(Words.Contains("queued") ? Count : 0)),
        "pause" => TimelineEvent.SegmentEnded(At, Thread, Unit),
        "awaits" => TimelineEvent.UnitAwaits(At, Unit, Enum.Parse<AwaitedFor>(Words[^1], ignoreCase: true)),
        "ready" => TimelineEvent.UnitReady(At, Unit, Words.Any(IsThread) ? Thread : TimelineEvent.UnknownThread),
        "begin" => TimelineEvent.IterationBegan(At, Thread, Iteration, 0),
        "end" => TimelineEvent.IterationEnded(At, Thread, Iteration, 0),
        _ => throw new FormatException($"No such verb: {Text}"),
    };

    private int Number(char kind) => Number(Words.Skip(1).First(word => word[0] == kind));

    private static bool IsThread(string word) => word[0] is 't' or 'x' && char.IsAsciiDigit(word[^1]);

    private static int Number(string word) => int.Parse(word.AsSpan(1), CultureInfo.InvariantCulture);
}
