namespace Observatory.ChurnTarget;

/// <summary>The ways to keep a runtime busy, by name. Each is one turn; turns are repeated until the program ends.</summary>
internal static class Modes
{
    public static Action<Random> Of(string name) => name switch
    {
        "allocate" => Allocation.Small,
        "large" => Allocation.Large,
        "survive" => Allocation.Surviving,
        "pinned" => Allocation.Pinned,
        "induced" => Allocation.Induced,
        "background" => Allocation.Background,
        "native" => NativeMemoryUse.Hold,
        "iterate" => Iterations.One,
        "idle" => Waiting.Idle,
        "lock" => Waiting.OnLock,
        "wait" => Waiting.OnHandle,
        "exceptions" => Failing.Throw,
        "threads" => Threads.StartAndEnd,
        "queue" => Threads.Queue,
        "starve" => Threads.Starve,
        "load" => Loading.Load,
        "compile" => Compilation.Compile,
        _ => throw new ArgumentException($"{name} is not a mode"),
    };
}
