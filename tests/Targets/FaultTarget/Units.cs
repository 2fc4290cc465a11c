using Observatory.Contract;
using Observatory.Kernel;

namespace Observatory.FaultTarget;

/// <summary>
/// A thread that does one unit of work after another: the same computation each time, its share of each helper, and whatever
/// the fault adds. Between two units it sleeps, so that a CPU is idle now and then as on a machine that is not full.
/// </summary>
internal sealed class Units : IDisposable
{
    private const long ComputeMicroseconds = 2_000;
    private const int MostKept = 1 << 20;
    private readonly Lock _entry = new();
    private readonly List<long> _times = [];
    private readonly List<Helper> _helpers = [];
    private readonly ManualResetEvent _never = new(false);
    private readonly ManualResetEventSlim _isBetween = new();
    private readonly Thread _thread;
    private volatile Fault? _fault;
    private volatile int _wanted;
    private volatile bool _isEnding;

    public Units()
    {
        _thread = new Thread(Drive) { Name = "driver" };
        _thread.Start();
    }

    /// <summary>Threads that compute beside the driving one.</summary>
    public int Helpers { set => _wanted = value; }

    /// <summary>Puts a fault in place of the one that is there, which is ended once no unit meets it any more.</summary>
    public void Replace(Fault? next)
    {
        Fault? last = _fault;
        _fault = next;
        if (last is null) return;
        _isBetween.Reset();
        _isBetween.Wait();
        last.Dispose();
    }

    public Statistics TakeStatistics()
    {
        lock (_entry)
        {
            long[] sorted = [.. _times.Order()];
            _times.Clear();
            return new Statistics(
                Environment.ProcessId, sorted.Length,
                sorted.Length == 0 ? 0 : sorted[sorted.Length / 2],
                sorted.Length == 0 ? 0 : sorted[(int)(sorted.Length * 0.95)],
                sorted.Length == 0 ? 0 : sorted.Average());
        }
    }

    public void Dispose()
    {
        Replace(null);
        _isEnding = true;
        _thread.Join();
        foreach (Helper helper in _helpers) helper.Dispose();
        _never.Dispose();
        _isBetween.Dispose();
    }

    private void Drive()
    {
        while (!_isEnding)
        {
            int helpers = _wanted;
            while (_helpers.Count < helpers) _helpers.Add(new Helper($"helper-{_helpers.Count}"));
            long began = MonotonicClock.NowNanoseconds();
            long unit = WorkloadEventSource.Log.BeginIteration(Pulse.Configuration);
            Fault? fault = _fault;
            DoOne(helpers, fault);
            WorkloadEventSource.Log.EndIteration(unit, Pulse.Configuration);
            long took = MonotonicClock.NowNanoseconds() - began;
            lock (_entry)
            {
                if (_times.Count < MostKept) _times.Add(took);
            }

            fault?.Prepare();
            _isBetween.Set();
            _never.WaitOne(1);
        }
    }

    private void DoOne(int helpers, Fault? fault)
    {
        for (int i = 0; i < helpers; i++) _helpers[i].Ask(ComputeMicroseconds);
        Computation.Run(ComputeMicroseconds);
        for (int i = 0; i < helpers; i++) _helpers[i].Await();
        fault?.Meet();
    }
}

/// <summary>A thread that computes when it is asked to.</summary>
internal sealed class Helper : IDisposable
{
    // Events of the kernel's kind: the slim ones spin before they block.
    private readonly AutoResetEvent _asked = new(false);
    private readonly AutoResetEvent _done = new(false);
    private readonly Thread _thread;
    private long _microseconds;

    public Helper(string name)
    {
        _thread = new Thread(Run) { Name = name };
        _thread.Start();
    }

    public void Ask(long microseconds)
    {
        _microseconds = microseconds;
        _asked.Set();
    }

    public void Await() => _done.WaitOne();

    public void Dispose()
    {
        Ask(0);
        _thread.Join();
        _asked.Dispose();
        _done.Dispose();
    }

    private void Run()
    {
        while (_asked.WaitOne() && _microseconds > 0)
        {
            Computation.Run(_microseconds);
            _done.Set();
        }
    }
}
