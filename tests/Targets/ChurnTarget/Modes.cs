using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Observatory.Contract;

namespace Observatory.ChurnTarget;

/// <summary>The ways to keep a runtime busy, by name. Each is one turn; turns are repeated until the program ends.</summary>
internal static class Modes
{
    public static Action<Random> Find(string name) => name switch
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
        "job" => Jobs.Job,
        "order" => Jobs.Order,
        _ => throw new ArgumentException($"{name} is not a mode"),
    };
}

/// <summary>Marked iterations in which a collection happens for certain.</summary>
internal static class Iterations
{
    private static readonly WorkloadConfiguration Configuration = new(
        Index: 0, "churn", BatchSize: 1, SequenceLength: 2, EmbeddingDim: 3, "none", Threads: 1, FloatingPointOperations: 1, InputBytes: 1);

    public static void One(Random random)
    {
        WorkloadEventSource.Log.Declare(Configuration);
        WorkloadEventSource.Log.Beat();
        long iteration = WorkloadEventSource.Log.BeginIteration(Configuration.Index);
        Allocation.Small(random);
        GC.Collect(1);
        WorkloadEventSource.Log.EndIteration(iteration, Configuration.Index);
        Pause.For(20);
    }
}

/// <summary>Exceptions.</summary>
internal static class Failing
{
    public static void Throw(Random random)
    {
        try
        {
            throw new InvalidTimeZoneException("on purpose");
        }
        catch (InvalidTimeZoneException)
        {
            Pause.For(1);
        }
    }
}

/// <summary>Work for the compiler.</summary>
internal static class Compilation
{
    public static void Compile(Random random)
    {
        Expression<Func<int, int>> expression = x => x * x + 1;
        expression.Compile()(random.Next(100));
        Pause.For(2);
    }
}

/// <summary>Assemblies.</summary>
internal static class Loading
{
    /// <summary>Loads this program once more, into a context of its own.</summary>
    public static void Load(Random random)
    {
        var context = new AssemblyLoadContext(name: null, isCollectible: true);
        context.LoadFromAssemblyPath(Assembly.GetExecutingAssembly().Location);
        context.Unload();
        Pause.For(200);
    }
}

/// <summary>Memory that the garbage collector cannot see, as tensors are.</summary>
internal static class NativeMemoryUse
{
    /// <summary>Bytes that are held.</summary>
    public const int Bytes = 300_000_000;

    private static IntPtr _held;

    /// <summary>Holds and touches them, and lets the garbage collector say what it has.</summary>
    public static void Hold(Random random)
    {
        if (_held == IntPtr.Zero)
        {
            _held = Marshal.AllocHGlobal(Bytes);
            for (int at = 0; at < Bytes; at += 4096) Marshal.WriteByte(_held, at, 1);
        }

        GC.Collect(0);
        Pause.For(100);
    }
}
