using System.Globalization;

namespace Observatory.Timeline.Tests;

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

    // "nobody" is a thread that exits so late that it has no id any more.
    private int Thread => Words.Contains("nobody") ? -1 : Words.Any(IsThread) ? Number(Words.First(IsThread)) : 0;
    private int Process => Words.Contains("nobody") ? -1 : Words.Any(word => word[0] == 't') ? Target : 2;

    private TimelineEvent ToEvent() => Verb switch
    {
        "in" => TimelineEvent.SwitchIn(At, Cpu, Thread, Process),
        "out" => TimelineEvent.SwitchOut(At, Cpu, Thread, Process),
        "preempt" => TimelineEvent.Preempted(At, Cpu, Thread, Process),
        "exit" => TimelineEvent.Exited(At, Cpu, Thread, Process),
        "wake" => TimelineEvent.Waking(At, Cpu, Thread, Waker),
        "fault" => TimelineEvent.PageFaults(At, Cpu, Thread, Count, Words.Contains("major")),
        "seen" => TimelineEvent.ThreadSeen(At, Thread, Process, Words.Contains("sleeping")),
        "made" => TimelineEvent.ThreadBegan(At, Thread, Process, Role),
        "role" => TimelineEvent.ThreadDescribed(At, Thread, Role),
        "suspend" => TimelineEvent.SuspensionBegan(At),
        "resume" => TimelineEvent.SuspensionEnded(At),
        "begin" => TimelineEvent.IterationBegan(At, Thread, Iteration, 0),
        "end" => TimelineEvent.IterationEnded(At, Thread, Iteration, 0),
        _ => throw new FormatException($"No such verb: {Text}"),
    };

    private int Number(char kind) => Number(Words.Skip(1).First(word => word[0] == kind));

    private static bool IsThread(string word) => word[0] is 't' or 'x' && char.IsAsciiDigit(word[^1]);

    private static int Number(string word) => int.Parse(word.AsSpan(1), CultureInfo.InvariantCulture);
}
