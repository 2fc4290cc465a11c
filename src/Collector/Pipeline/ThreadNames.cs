using System.Collections.Concurrent;
using Observatory.Hosting;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// Names of threads of the whole machine, by kernel id. The kernel source tells each change of a name; a thread that has
/// not changed its name since is looked up in /proc when it is first asked for.
/// </summary>
/// <param name="seesWholeMachine">
/// False in a pid namespace of our own: there the kernel gives all threads outside it the number 0, as the idle thread has.
/// </param>
internal sealed class ThreadNames(bool seesWholeMachine = true)
{
    /// <summary>A thread that is gone, or about to be, and was never named.</summary>
    public const string Exited = "exited";

    /// <summary>It is not known which thread it was.</summary>
    public const string Unknown = "unknown";

    /// <summary>Ids are reused and threads come and go: when so many are known, most of them are gone.</summary>
    private const int Most = 50_000;

    private readonly ConcurrentDictionary<int, Named> _names = new();

    // Counted here, because the dictionary takes all of its locks to count, and names are learned on a real-time thread.
    private int _known;

    /// <summary>
    /// A thread took a name: it began to run another program, or was given one. Rings are read one after the other, so what is told
    /// later may have happened before: the newest name counts.
    /// </summary>
    /// <param name="thread">The thread.</param>
    /// <param name="process">Its process; 0 where that is not known.</param>
    /// <param name="name">The name.</param>
    /// <param name="at">When it took it; null for now.</param>
    public void Learn(int thread, int process, string name, Timestamp? at = null)
    {
        if (Volatile.Read(ref _known) >= Most)
        {
            _names.Clear();
            Volatile.Write(ref _known, 0);
        }

        var named = new Named(process, SafeText.Name(name), at ?? new Timestamp(MonotonicClock.NowNanoseconds()));
        if (_names.TryAdd(thread, named)) Interlocked.Increment(ref _known);
        else _names.AddOrUpdate(thread, named, (_, before) => before.At > named.At ? before : named);
    }

    /// <summary>A thread began, with the name of the one that made it; that one is still there to be asked.</summary>
    public void Inherit(int thread, int process, int parent, Timestamp? at = null) => Learn(thread, process, NameOf(parent), at);

    /// <summary>The name of a thread; "exited" when it is gone and was never named.</summary>
    public string NameOf(int thread) => Special(thread) ?? Find(thread).Name;

    /// <summary>
    /// What a thread belongs to: the name of its process, but of a thread of one process, which is looked at closely, its
    /// own; without a number at its end (see <see cref="FamilyOf"/>). A <c>.NET TP Worker</c> of another process says nothing; the
    /// <c>dotnet</c> that it works for does.
    /// </summary>
    public string CommandOf(int thread, int closely)
    {
        if (Special(thread) is { } special) return special;
        Named found = Find(thread);
        if (found.Process == closely || found.Process <= 0) return FamilyOf(found.Name);
        string command = Find(found.Process).Name;
        return FamilyOf(command == Exited ? found.Name : command);
    }

    /// <summary>A thread, its process (0 where that is not known) and the name of that.</summary>
    public (int Process, string Name, string Command) Identify(int thread)
    {
        if (Special(thread) is { } special) return (0, special, special);
        Named found = Find(thread);
        if (found.Process <= 0) return (0, found.Name, found.Name);
        string command = Find(found.Process).Name;
        return (found.Process, found.Name, command == Exited ? found.Name : command);
    }

    /// <summary>
    /// A thread or process without what the kernel or a thread pool appends, so that names that differ by a number only
    /// are one: <c>kworker/1:2-events</c> is <c>kworker</c>, <c>ksoftirqd/0</c> is <c>ksoftirqd</c>, <c>worker-17</c> is
    /// <c>worker</c>.
    /// </summary>
    public static string FamilyOf(string thread)
    {
        int slash = thread.IndexOf('/', StringComparison.Ordinal);
        ReadOnlySpan<char> name = slash > 0 ? thread.AsSpan(0, slash) : thread;
        name = name.TrimEnd("0123456789").TrimEnd("-_:#. ");
        return name.IsEmpty || name.Length == thread.Length ? thread : name.ToString();
    }

    private string? Special(int thread) => thread switch
    {
        0 => seesWholeMachine ? "idle" : "idle or outside",
        Timeline.TimelineEvent.ExitingThread => Exited,
        < 0 => Unknown,
        _ => null,
    };

    private Named Find(int thread) => _names.TryGetValue(thread, out Named? named) ? named : LookUp(thread);

    private Named LookUp(int thread)
    {
        // Of one that is gone a record may still tell the name.
        (string name, Timestamp? at) = ProcessName.TryRead(thread, out string found) ? (found, (Timestamp?)null) : (Exited, Timestamp.Zero);
        Learn(thread, ThreadGroup.TryRead(thread, out int process) ? process : 0, name, at);
        return _names.GetValueOrDefault(thread, new Named(0, SafeText.Name(name), Timestamp.Zero));
    }

    /// <param name="Process">Process of the thread; 0 where that is not known.</param>
    /// <param name="Name">Its own name.</param>
    /// <param name="At">Since when.</param>
    private sealed record Named(int Process, string Name, Timestamp At);
}
