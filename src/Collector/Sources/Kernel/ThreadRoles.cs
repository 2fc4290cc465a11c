using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// What the target's threads are there for, from their names. The runtime names its own threads <c>.NET ...</c>, and those
/// on which it runs the program's work items too; managed threads have names of their own; the workers of a native library
/// never name themselves and keep the name of the thread that made them. The driving thread is known by its iterations.
/// </summary>
internal static class ThreadRoles
{
    private const string RuntimePrefix = ".NET ";

    // Of the thread pool, and of tasks that are started as long-running; the kernel keeps 15 bytes of a name.
    private static readonly string[] WorkItemThreads = [".NET TP Worker", ".NET Long Runni"];

    /// <summary>The role of a thread that has just taken a name.</summary>
    public static ThreadRole OfName(string name) =>
        name.StartsWith(RuntimePrefix, StringComparison.Ordinal) && !WorkItemThreads.Contains(name)
            ? ThreadRole.Runtime
            : ThreadRole.Managed;

    /// <summary>The role of a thread that has just begun and has not taken a name yet.</summary>
    /// <param name="parent">
    /// The name of the thread that made it. A thread of the runtime's own makes more of the runtime's: the one that streams an
    /// EventPipe session never takes another name.
    /// </param>
    public static ThreadRole OfNewThread(string parent) =>
        OfName(parent) == ThreadRole.Runtime ? ThreadRole.Runtime : ThreadRole.Worker;

    /// <summary>Roles of the threads that were there when the observer came: of several with one name the oldest took it, and the others inherited it.</summary>
    public static IEnumerable<(ThreadInfo Thread, ThreadRole Role)> Assign(IEnumerable<ThreadInfo> threads)
    {
        HashSet<string> names = [];
        foreach (ThreadInfo thread in threads.OrderBy(thread => thread.ThreadId))
        {
            ThreadRole role = OfName(thread.Name);
            bool isFirst = names.Add(thread.Name);
            yield return (thread, role == ThreadRole.Managed && !isFirst ? ThreadRole.Worker : role);
        }
    }

    /// <summary>What the timeline should know about the threads that are there now.</summary>
    /// <param name="process">The target.</param>
    /// <param name="threads">Its threads.</param>
    /// <param name="at">When they were looked at.</param>
    public static IEnumerable<TimelineEvent> Introduce(int process, IEnumerable<ThreadInfo> threads, Timestamp at)
    {
        foreach ((ThreadInfo thread, ThreadRole role) in Assign(threads))
        {
            yield return TimelineEvent.ThreadSeen(at, thread.ThreadId, process, sleeping: thread.State is 'S' or 'D');
            yield return TimelineEvent.ThreadDescribed(at, thread.ThreadId, role);
        }
    }
}
