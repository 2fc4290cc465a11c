using Observatory.Contract;
using Observatory.Kernel;
using Observatory.Soak;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Gathers what a soak test keeps of an interval: units as they end, the heap after collections, and what /proc says at its end.</summary>
/// <remarks>Told by the pump and by the runtime's reader, asked by a timer. Memory is bounded whatever comes in an interval.</remarks>
internal sealed class SoakSampler : IFindingsSink, IRuntimeEventHandler
{
    private const int MostNames = 200;
    private const int MostOfName = 500;

    private readonly Lock _entry = new();
    private readonly Dictionary<string, List<double>> _walls = [];
    private readonly Random _random = new(1);
    private long _units;
    private long _incomplete;
    private long _heap;
    private long? _floor;
    private long? _fullFloor;
    private long? _committed;
    private (long Lost, long Restarts, TimeSpan Down) _before;
    private bool _isConnecting;

    public void IterationClosed(WorkloadConfiguration configuration, in UnitAccount account) => Add(UnitName.From(configuration), account);

    void IFindingsSink.RequestClosed(RequestName name, in UnitAccount account) => Add(name.Text, account);

    void IRuntimeEventHandler.GenerationSeen(in GenerationAfter generation)
    {
        lock (_entry)
        {
            // They come in order, the youngest first.
            if (generation.Name == GenerationAfter.Names[0]) _heap = 0;
            _heap += generation.Size - generation.Fragmentation;
        }
    }

    void IRuntimeEventHandler.HeapSeen(in HeapAfter heap)
    {
        lock (_entry)
        {
            _floor = Math.Min(_floor ?? long.MaxValue, _heap);
            if (heap.Collected == GC.MaxGeneration) _fullFloor = Math.Min(_fullFloor ?? long.MaxValue, _heap);
        }
    }

    void IRuntimeEventHandler.CommittedSeen(long bytes)
    {
        lock (_entry) _committed = bytes;
    }

    /// <summary>What was before does not count.</summary>
    /// <param name="host">Has the counts.</param>
    /// <param name="isConnecting">True where the first target is there and not connected yet: that moment is no time without one.</param>
    public void Begin(ObservationHost host, bool isConnecting)
    {
        lock (_entry)
        {
            _before = CountsOf(host);
            _isConnecting = isConnecting;
            Clear();
        }
    }

    /// <summary>The interval is over: what was seen in it, and what there is now.</summary>
    /// <param name="host">What there is.</param>
    /// <param name="now">End of the interval.</param>
    /// <param name="givesBack">Whether this program gives back before what it does not use.</param>
    public SoakSample Take(ObservationHost host, DateTimeOffset now, bool givesBack)
    {
        int own = Environment.ProcessId;
        int? target = host.Current?.ProcessId;
        _ = ResidentMemory.TryRead(own, out long resident);
        long? alive = givesBack ? ResidentOnceGivenBack(own) : null;
        _ = OpenFiles.TryCount(own, out long handles);
        lock (_entry)
        {
            (long lost, long restarts, TimeSpan down) = CountsOf(host);
            if (_isConnecting && restarts == _before.Restarts) _before.Down = down;
            _isConnecting &= !host.Statuses.Runtime.WasUp;
            // Another target has another heap.
            if (restarts != _before.Restarts) _committed = null;
            var sample = new SoakSample
            {
                At = now,
                TargetResident = target is { } process && ResidentMemory.TryRead(process, out long targets) ? targets : null,
                ManagedFloor = _floor,
                FullFloor = _fullFloor,
                TargetCommitted = _committed,
                TargetHandles = target is { } held && OpenFiles.TryCount(held, out long open) ? open : null,
                TargetThreads = target is { } threaded && ProcessThreads.List(threaded).Count is > 0 and var threads ? threads : null,
                CollectorResident = resident,
                CollectorAlive = alive,
                CollectorHandles = handles,
                CollectorThreads = ProcessThreads.List(own).Count,
                Units = _units,
                Incomplete = _incomplete,
                Lost = lost - _before.Lost,
                Restarts = restarts - _before.Restarts,
                GapSeconds = (down - _before.Down).TotalSeconds,
                LatencyMs = _walls.ToDictionary(pair => pair.Key, pair => Median(pair.Value)),
            };
            _before = (lost, restarts, down);
            Clear();
            return sample;
        }
    }

    private void Add(string name, in UnitAccount account)
    {
        double milliseconds = account.Wall.Seconds * 1000;
        lock (_entry)
        {
            _units++;
            // What was not observed on purpose is no loss.
            if (!account.IsComplete && Names.MainReason(account.Reasons) != IncompleteReasons.Paused) _incomplete++;
            if (!_walls.TryGetValue(name, out List<double>? walls))
            {
                if (_walls.Count >= MostNames) return;
                _walls.Add(name, walls = []);
            }

            // Of more than fit, any one is as good as another: a random one makes room.
            if (walls.Count < MostOfName) walls.Add(milliseconds);
            else walls[_random.Next(walls.Count)] = milliseconds;
        }
    }

    private static (long Lost, long Restarts, TimeSpan Down) CountsOf(ObservationHost host) =>
        (host.Statuses.All.Sum(source => source.Lost), host.Restarts, host.Statuses.Runtime.Down);

    /// <summary>Gives back the garbage, what the garbage collector keeps for what is allocated next, and what the C library keeps of what was freed.</summary>
    private static long? ResidentOnceGivenBack(int process)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        // A C library without it keeps less.
        _ = NativeHeap.TryTrim();
        return ResidentMemory.TryRead(process, out long left) ? left : null;
    }

    private static double Median(List<double> walls)
    {
        walls.Sort();
        return walls[walls.Count / 2];
    }

    private void Clear()
    {
        _walls.Clear();
        (_units, _incomplete, _floor, _fullFloor) = (0, 0, null, null);
    }
}
