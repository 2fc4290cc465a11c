namespace Observatory.Timeline.Tests;

/// <summary>
/// A recording and what the timeline makes of it, in one text. A line is an event: time, verb, CPU (c0), thread (t7 of
/// the target, x9 of another process), iteration (#1). What comes of it stands below it, behind <c>=></c>.
/// </summary>
/// <remarks>
/// The story is told again with the timeline's own results and must come out as it was written. Waits, suspensions
/// and what stands beside an account are told only where the story speaks of them. Both streams join at 0 unless the story has a <c>join</c>, and follow
/// the recording line by line unless it has an <c>advance</c>. At the end everything is flushed.
/// </remarks>
internal static class Story
{
    public static void Check(string story, TimelineLimits? limits = null)
    {
        List<string> written = [.. story.Split('\n').Select(Squeeze).Where(line => line.Length > 0)];
        List<string> told = Tell([.. written.Where(line => !IsResult(line)).Select(StoryLine.Parse)], limits);
        told.RemoveAll(line => IsAside(line) && !written.Exists(other => IsResult(other) && Kind(other) == Kind(line)));
        Assert.Equal(string.Join('\n', written), string.Join('\n', told));
    }

    private static List<string> Tell(List<StoryLine> lines, TimelineLimits? limits)
    {
        var recorder = new Recorder();
        var timeline = new Timeline(StoryLine.Target, recorder, limits);
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
        Kind(line) is "waited" or "suspended" or "switches" or "faults" or "pool" or "process" or "preemptor" or "blocked" or "because";
}
