using System.Diagnostics;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>
/// Everything that is looked at again and again beside an observation, on one thread: each time that a timer of the runtime's fires, it
/// wakes the timer's thread three times and two workers of the pool.
/// </summary>
/// <remarks>
/// Looks are due at multiples of their interval since the start, so that those whose intervals are multiples of each other share a
/// wake-up. One that is late is done once, not as often as it was missed.
/// </remarks>
/// <param name="log">Told in a line what is not looked at any more, and why.</param>
internal sealed class TargetLooks(Action<string> log) : IDisposable
{
    // Waits for its whole interval most of the time: spinning first would take the CPU from the target five times a wait.
    private readonly ManualResetEventSlim _stop = new(initialState: false, spinCount: 0);
    private readonly List<PeriodicLook> _looks = [];
    private Thread? _thread;

    /// <summary>Adds a look; before <see cref="Start"/>.</summary>
    /// <param name="interval">Asked again after each look.</param>
    /// <param name="look">What is done.</param>
    /// <param name="withoutIt">Said where something escapes from it; it is done no more then, and the others go on.</param>
    /// <param name="failed">Told what escaped; null where the line is enough.</param>
    public void Every(Func<TimeSpan> interval, Action look, string withoutIt, Action<Exception>? failed = null) =>
        _looks.Add(new PeriodicLook(interval, look, failure =>
        {
            log(LastWords.Of("looks", withoutIt, failure));
            failed?.Invoke(failure);
        }));

    /// <summary>Does each of them now, and again and again from now on.</summary>
    public void Start()
    {
        _thread = new Thread(Run) { Name = "looks", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Returns when no look is under way any more.</summary>
    public void Dispose()
    {
        _stop.Set();
        _thread?.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        long start = Stopwatch.GetTimestamp();
        while (_looks.Count > 0)
        {
            // Waits are of whole milliseconds: one that ended early would be followed by many of none.
            double due = Math.Ceiling((_looks.Min(look => look.Due) - Stopwatch.GetElapsedTime(start)).TotalMilliseconds);
            if (_stop.Wait(TimeSpan.FromMilliseconds(Math.Max(0, due)))) return;
            TimeSpan now = Stopwatch.GetElapsedTime(start);
            _looks.RemoveAll(look => look.Due <= now && !look.TryDo(now));
        }
    }

    private sealed class PeriodicLook(Func<TimeSpan> interval, Action look, Action<Exception> failed)
    {
        public TimeSpan Due { get; private set; }

        public bool TryDo(TimeSpan now)
        {
            try
            {
                look();
                TimeSpan pause = interval();
                Due = pause * (Math.Floor(now / pause) + 1);
                return true;
            }
#pragma warning disable CA1031 // The thread's edge: it is said, and everything goes on without this look.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                failed(failure);
                return false;
            }
        }
    }
}
