using System.Collections.Concurrent;
using Observatory.Kernel;

namespace Observatory.Collector.Pipeline;

/// <summary>
/// Names of threads of the whole machine, by kernel id. The kernel source tells each change of a name; a thread that has
/// not changed its name since is looked up in /proc when somebody asks.
/// </summary>
internal sealed class ThreadNames
{
    /// <summary>Ids are reused and threads come and go: when so many are known, most of them are gone.</summary>
    private const int Most = 50_000;

    private readonly ConcurrentDictionary<int, string> _names = new();

    /// <summary>A thread took a name: it began to run another program, or was given one.</summary>
    public void Learn(int thread, string name)
    {
        if (_names.Count >= Most) _names.Clear();
        _names[thread] = name;
    }

    /// <summary>A thread began, with the name of the one that made it; that one is still there to be asked.</summary>
    public void Inherit(int thread, int parent) => Learn(thread, Of(parent));

    /// <summary>The name of a thread; "exited" when it is gone and was never named.</summary>
    public string Of(int thread) => thread switch
    {
        0 => "idle",
        < 0 => "unknown",
        _ => _names.TryGetValue(thread, out string? name) ? name : LookUp(thread),
    };

    private string LookUp(int thread)
    {
        string name = ProcessName.TryRead(thread, out string found) ? found : "exited";
        Learn(thread, name);
        return name;
    }
}
