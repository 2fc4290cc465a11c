namespace Observatory.FaultTarget;

/// <summary>Something that makes units slower. What runs beside them begins with it and ends when it is disposed.</summary>
internal abstract class Fault : IDisposable
{
    /// <summary>What it adds to each unit, on the driving thread.</summary>
    public virtual void Meet()
    {
    }

    /// <summary>What it does after each unit, which does not count for it.</summary>
    public virtual void Prepare()
    {
    }

    public abstract void Dispose();

    /// <summary>A fault by its name; null for none of that name.</summary>
    public static Fault? Create(string name, string[] arguments) => name switch
    {
        "managed-lock" => new LockFault(),
        "native-futex" => new MutexFault(),
        "gen2-collection" => new CollectionFault(),
        "allocation-storm" => new AllocationFault(),
        "page-faults" => new PageFault(),
        "disk-fsync" => new FlushFault(arguments[0]),
        "slow-dependency" => new DependencyFault(int.Parse(arguments[0])),
        "pool-starvation" => new PoolFault(),
        "chain" => new ChainFault(),
        "late-stop" => new LateStopFault(),
        _ => null,
    };

    /// <summary>Does nothing for a while. Nothing waits for a condition here: to do nothing is what is wanted.</summary>
#pragma warning disable RS0030 // Banned in place of a condition; there is none.
    protected static void Pause(int milliseconds) => Thread.Sleep(milliseconds);
#pragma warning restore RS0030
}

/// <summary>A thread that does the same thing again and again until the fault ends.</summary>
internal abstract class BesideFault : Fault
{
    private readonly Thread _thread;
    private volatile bool _isEnding;

    protected BesideFault(string name, Action again)
    {
        _thread = new Thread(() =>
        {
            while (!_isEnding) again();
        }) { Name = name };
        _thread.Start();
    }

    public override void Dispose()
    {
        _isEnding = true;
        _thread.Join();
    }
}

/// <summary>Another thread holds a managed lock most of the time.</summary>
internal sealed class LockFault() : BesideFault("lock-holder", Hold)
{
    private static readonly object Gate = new();

    public override void Meet()
    {
        lock (Gate) Computation.Run(50);
    }

    private static void Hold()
    {
        lock (Gate) Pause(4);
        Pause(1);
    }
}

/// <summary>Another thread holds a mutex of the C library most of the time, and computes.</summary>
internal sealed class MutexFault() : BesideFault("mutex-holder", Hold)
{
    private static readonly NativeMutex Gate = new();

    public override void Meet()
    {
        Gate.Enter();
        Computation.Run(50);
        Gate.Exit();
    }

    private static void Hold()
    {
        Gate.Enter();
        Computation.Run(4_000);
        Gate.Exit();
        Pause(1);
    }
}

/// <summary>Another thread collects the whole heap, which is large, again and again.</summary>
internal sealed class CollectionFault() : BesideFault("collecting", Collect)
{
    private static readonly List<object> Kept = [.. Enumerable.Range(0, 400_000).Select(_ => new object[2])];

    private static void Collect()
    {
        GC.Collect(2, GCCollectionMode.Forced, blocking: true);
        GC.KeepAlive(Kept);
        Pause(10);
    }
}

/// <summary>Each unit collects garbage, for which another thread must stand still that mostly cannot be stopped.</summary>
internal sealed class LateStopFault() : BesideFault("unstoppable", LongCall.Run)
{
    public override void Meet() => GC.Collect(0, GCCollectionMode.Forced, blocking: true);
}

/// <summary>Each unit makes many small objects, some of which live for a while.</summary>
internal sealed class AllocationFault : Fault
{
    private readonly Queue<object> _kept = [];

    public override void Meet()
    {
        for (int i = 0; i < 40_000; i++)
        {
            object made = new byte[100];
            if (i % 4 == 0) _kept.Enqueue(made);
            if (_kept.Count > 100_000) _kept.Dequeue();
        }
    }

    public override void Dispose() => _kept.Clear();
}

/// <summary>Each unit touches memory that the kernel has to map anew.</summary>
internal sealed class PageFault : Fault
{
    private readonly FreshPages _pages = new(3_000);

    public override void Meet() => _pages.Touch();

    public override void Prepare() => _pages.GiveBack();

    public override void Dispose() => _pages.Dispose();
}

/// <summary>Each unit writes to a file and waits for the disk.</summary>
internal sealed class FlushFault(string folder) : Fault
{
    private readonly FileStream _file = new(
        Path.Combine(folder, $"planted-{Environment.ProcessId}"), FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);

    private readonly byte[] _page = new byte[4096];

    public override void Meet()
    {
        for (int i = 0; i < 5; i++)
        {
            _file.Write(_page);
            _file.Flush(flushToDisk: true);
        }
    }

    public override void Dispose() => _file.Dispose();
}

/// <summary>Each unit asks a service that takes its time.</summary>
internal sealed class DependencyFault : Fault
{
    private readonly HttpClient _client = new();
    private readonly Uri _service;

    public DependencyFault(int port) => _service = new Uri($"http://127.0.0.1:{port}/");

    public override void Meet() => _ = _client.GetByteArrayAsync(_service).GetAwaiter().GetResult();

    public override void Dispose() => _client.Dispose();
}

/// <summary>Each unit has a part that a worker of the thread pool must do, and all of them are blocked.</summary>
internal sealed class PoolFault() : BesideFault("blocking", Block)
{
    public override void Meet()
    {
        using var done = new ManualResetEvent(false);
        ThreadPool.UnsafeQueueUserWorkItem(
            signal =>
            {
                Computation.Run(50);
                signal.Set();
            },
            done, preferLocal: false);
        done.WaitOne();
    }

    // All workers there are at once, and for longer than the half second after which the pool adds one. The next time only when all of that is
    // done: a queue that grows for ever would leave no unit to look at, and go on after the fault.
    private static void Block()
    {
        using var left = new CountdownEvent(ThreadPool.ThreadCount + 1);
        for (int i = left.InitialCount; i > 0; i--)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                left =>
                {
                    Pause(700);
                    left.Signal();
                },
                left, preferLocal: false);
        }

        left.Wait();
        Pause(100);
    }
}

/// <summary>The driving thread waits for a first thread, which waits for a second one, which holds a mutex and computes.</summary>
internal sealed class ChainFault : Fault
{
    private readonly NativeMutex _gate = new();
    private readonly AutoResetEvent _asked = new(false);
    private readonly AutoResetEvent _done = new(false);
    private readonly Thread _middle;
    private readonly Thread _end;
    private volatile bool _isEnding;

    public ChainFault()
    {
        _middle = new Thread(Pass) { Name = "middle" };
        _end = new Thread(Hold) { Name = "far-end" };
        _middle.Start();
        _end.Start();
    }

    public override void Meet()
    {
        _asked.Set();
        _done.WaitOne();
    }

    public override void Dispose()
    {
        _isEnding = true;
        _asked.Set();
        _middle.Join();
        _end.Join();
        _asked.Dispose();
        _done.Dispose();
    }

    private void Pass()
    {
        while (_asked.WaitOne() && !_isEnding)
        {
            _gate.Enter();
            _gate.Exit();
            _done.Set();
        }
    }

    private void Hold()
    {
        while (!_isEnding)
        {
            _gate.Enter();
            Computation.Run(5_000);
            _gate.Exit();
            Pause(1);
        }
    }
}
