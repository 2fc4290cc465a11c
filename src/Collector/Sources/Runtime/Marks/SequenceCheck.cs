using Observatory.Contract;

namespace Observatory.Collector;

/// <summary>Finds gaps in the numbers that the workload gives to its iteration events.</summary>
/// <remarks>
/// Events of one thread arrive in its order, so a gap in the thread's own numbers is a loss at once. The numbers of the
/// process are taken before their events get a time: of two threads, the later one may arrive first. There a gap is a
/// loss only when it is still open two heartbeats after one has claimed its numbers. That finds what no event of the same
/// thread follows, and it is all there is for a library that does not number by thread.
/// </remarks>
internal sealed class SequenceCheck
{
    /// <summary>No buffer loses more between two events: numbers further apart were not counted up to by a program.</summary>
    private const ulong MostMissing = 1UL << 32;

    /// <summary>Threads and gaps that are remembered. Threads come and go; gaps are closed within three heartbeats.</summary>
    private const int MostKept = 65_536;

    private readonly Dictionary<int, long> _lastOfThread = [];

    // Missing numbers of the process, oldest first; all below the newest one that came.
    private readonly List<(long From, long To)> _gaps = [];
    private long? _newest;
    private long? _claimedLast;
    private long? _claimedBefore;

    // The same loss is found twice, in the numbers of its thread and in those of the process.
    private long _missingOfThreads;
    private long _missingOfProcess;
    private long _told;

    /// <summary>An iteration event arrived. Returns how many are found missing by it.</summary>
    public long ObserveIteration(int thread, in IterationPayload payload)
    {
        if (payload.ThreadSequence != 0) _missingOfThreads += MissingOfThread(thread, payload.ThreadSequence);
        ObserveNumber(payload.Sequence);
        return NewlyMissing();
    }

    /// <summary>A heartbeat arrived that claims all numbers up to one. Returns how many are found missing by it.</summary>
    public long ObserveHeartbeat(long claimed)
    {
        if (_claimedBefore is { } settled) _missingOfProcess += CloseGapsUpTo(settled);
        _newest ??= claimed;
        (_claimedBefore, _claimedLast) = (_claimedLast, claimed);
        return NewlyMissing();
    }

    private long NewlyMissing()
    {
        long missing = Math.Max(_missingOfThreads, _missingOfProcess) - _told;
        _told += missing;
        return missing;
    }

    private long MissingOfThread(int thread, long number)
    {
        if (!_lastOfThread.TryGetValue(thread, out long last) && _lastOfThread.Count >= MostKept) _lastOfThread.Clear();
        bool isKnown = last > 0;
        _lastOfThread[thread] = Math.Max(0, number);
        // Numbers that go back are those of a new thread that was given the same id.
        return isKnown && number > last && IsCredible(last, number) ? number - last - 1 : 0;
    }

    private void ObserveNumber(long number)
    {
        if (number <= _newest)
        {
            CloseGap(number);
            return;
        }

        if (_newest is { } newest && number > newest + 1 && IsCredible(newest, number)) _gaps.Add((newest + 1, number - 1));
        if (_gaps.Count > MostKept) _gaps.RemoveAt(0);
        _newest = number;
    }

    /// <summary>A number of a gap came after all. All others came before, or before this observer did.</summary>
    private void CloseGap(long number)
    {
        int place = _gaps.FindLastIndex(gap => gap.From <= number);
        if (place < 0 || _gaps[place].To < number) return;
        (long from, long to) = _gaps[place];
        _gaps.RemoveAt(place);
        if (number < to) _gaps.Insert(place, (number + 1, to));
        if (from < number) _gaps.Insert(place, (from, number - 1));
    }

    /// <summary>Gives up waiting for all numbers up to one. Returns how many have not come.</summary>
    private long CloseGapsUpTo(long claimed)
    {
        long missing = 0;
        while (_gaps.Count > 0 && _gaps[0].From <= claimed)
        {
            (long from, long to) = _gaps[0];
            missing += Math.Min(to, claimed) - from + 1;
            _gaps.RemoveAt(0);
            if (to > claimed) _gaps.Insert(0, (claimed + 1, to));
        }

        if (_newest is not { } newest || claimed <= newest) return missing;
        _newest = claimed;
        return IsCredible(newest, claimed) ? missing + claimed - newest : missing;
    }

    private static bool IsCredible(long last, long next) => (ulong)(next - last) <= MostMissing;
}
