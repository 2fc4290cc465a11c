using System.Runtime.InteropServices;
using Observatory.Hosting;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// Which process a thread that held a CPU belongs to, and what that is to the target. Asked on the timeline's thread, while the
/// thread is still there to be named: a moment later it may be gone, or its id another's.
/// </summary>
/// <param name="processOf">The process of a thread, and its name.</param>
internal sealed class HolderIdentities(Func<int, (int Process, string Command)> processOf)
{
    private const int MostContainers = 4_096;

    // A thread id does not change its meaning in so short a time.
    private static readonly Duration Recently = Duration.FromMilliseconds(20);
    private readonly Dictionary<int, Holder> _identified = [];
    private readonly Dictionary<(int Process, string Command), string> _containers = [];
    private Timestamp _identifiedAt = Timestamp.Zero;
    private volatile int _target;

    /// <summary>The process whose threads are the target's own.</summary>
    public int Target
    {
        get => _target;
        set => _target = value;
    }

    /// <summary>Time has passed: what was identified some time ago is looked up anew.</summary>
    public void Advance(Timestamp now)
    {
        if (now - _identifiedAt < Recently) return;
        _identified.Clear();
        _identifiedAt = now;
    }

    /// <summary>What a thread is to the target.</summary>
    public Holder Find(int thread)
    {
        ref Holder holder = ref CollectionsMarshal.GetValueRefOrAddDefault(_identified, thread, out bool isKnown);
        if (!isKnown) holder = Identify(thread);
        return holder;
    }

    private Holder Identify(int thread)
    {
        if (thread == 0) return new Holder(CauseKind.WakeUp, "", 0);
        if (thread < 0) return new Holder(CauseKind.Unknown, "", 0);
        (int process, string command) = processOf(thread);
        if (process == Target) return new Holder(CauseKind.OwnThreads, "", process);
        if (process == Environment.ProcessId) return new Holder(CauseKind.Observer, command, process);
        return new Holder(CauseKind.Neighbour, ThreadNames.FamilyOf(command), process, ContainerOf(process, command));
    }

    /// <summary>Where a process runs, unless that is where the target does.</summary>
    private string ContainerOf(int process, string command)
    {
        if (process <= 0) return "";
        // Only the timeline's thread comes here. A number that another program has got since is asked again.
        if (_containers.TryGetValue((process, command), out string? known)) return known;
        if (_containers.Count >= MostContainers) _containers.Clear();
        string found = ContainerName.Read(process);
        if (found == ContainerName.Read(Target)) found = "";
        _containers.Add((process, command), found = SafeText.Name(found));
        return found;
    }
}
