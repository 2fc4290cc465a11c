namespace Observatory.Kernel;

/// <summary>The events of one CPU, or of one thread, and the ring that they share.</summary>
internal sealed class EventRing : IDisposable
{
    private readonly PerfEvent[] _events;
    private readonly RingMapping _ring;
    private bool _mayHaveUntoldLoss;
    private ulong? _drainTo;

    private EventRing(RingSubject subject, PerfEvent[] events, RingMapping ring)
    {
        Subject = subject;
        _events = events;
        _ring = ring;
    }

    public RingSubject Subject { get; }

    /// <summary>The memory that the kernel writes into.</summary>
    public RingMapping Mapping => _ring;

    /// <summary>Readable when the ring has passed its watermark; hung up when its thread is gone.</summary>
    public int PollDescriptor => _events[0].Descriptor.Number;

    /// <summary>Opens all events or none; the first one owns the ring.</summary>
    /// <returns>Null when the CPU is offline or the thread gone, or when the ring is refused for its size.</returns>
    /// <exception cref="KernelAccessException">Anything else was refused.</exception>
    public static EventRing? TryOpen(
        ReadOnlySpan<RingEvent> wanted, RingSubject subject, int ringBytes, out bool isRingRefused)
    {
        isRingRefused = false;
        List<PerfEvent> events = new(wanted.Length);
        RingMapping? ring = null;
        bool isComplete = false;
        try
        {
            foreach (RingEvent one in wanted)
            {
                if (TryOpen(one, subject) is not { } opened) return null;
                events.Add(opened);
                if (one.Filter is { } filter && !opened.TryFilter(filter, out int refused))
                    throw KernelAccessException.FromError(refused, $"filtering {one.What} of {subject}");
                ring ??= TryMap(opened, subject, ringBytes, out isRingRefused);
                if (ring is null) return null;
                if (events.Count > 1 && !opened.TryRedirectTo(events[0], out int error))
                    throw KernelAccessException.FromError(error, $"sharing the ring of {subject}");
            }

            isComplete = true;
            return new EventRing(subject, [.. events], ring!);
        }
        finally
        {
            if (!isComplete)
            {
                ring?.Dispose();
                events.ForEach(opened => opened.Dispose());
            }
        }
    }

    /// <summary>Opens an event and closes it again.</summary>
    /// <exception cref="KernelAccessException">It is refused.</exception>
    public static void Demand(RingEvent wanted, RingSubject subject) => TryOpen(wanted, subject)?.Dispose();

    public void Enable()
    {
        foreach (PerfEvent one in _events)
        {
            if (!one.TryEnable(out int error))
                throw KernelAccessException.FromError(error, $"enabling the events of {Subject}");
        }
    }

    public void Disable()
    {
        foreach (PerfEvent one in _events) one.TryDisable(out _);
    }

    /// <summary>Losses of this ring that LOST records have told of.</summary>
    public long ToldLost { get; private set; }

    /// <summary>
    /// True when the kernel has counted losses here that no record has told yet: their place comes with the next record that
    /// finds room.
    /// </summary>
    /// <remarks>
    /// The counts are read only after the ring was found nearly full: reading an event of another CPU interrupts that CPU.
    /// </remarks>
    public bool HasUntoldLoss => _mayHaveUntoldLoss && (_mayHaveUntoldLoss = ReadKernelLost() > ToldLost);

    /// <summary>Lets the next drain end at the head as it stands now.</summary>
    public void MarkHead() => _drainTo = _ring.Head;

    /// <summary>Takes the thread ids of all records, which stay to be drained.</summary>
    public void LearnThreadIds(RecordDispatcher dispatcher, Span<byte> scratch) =>
        RingReader.LearnThreadIds(_ring, dispatcher, scratch);

    /// <summary>Reads to the head as it stands now, or stood at <see cref="MarkHead"/>.</summary>
    /// <returns>Records read.</returns>
    public long Drain(
        RecordDispatcher dispatcher, ISchedulerRecordHandler handler, Span<byte> scratch, out bool isCorrupt)
    {
        long before = dispatcher.LostTotal;
        long records = RingReader.Drain(_ring, dispatcher, handler, scratch, _drainTo, out RingFound found);
        _drainTo = null;
        ToldLost += dispatcher.LostTotal - before;
        _mayHaveUntoldLoss |= found.WasFull;
        isCorrupt = found.IsCorrupt;
        // LOST records may be among what was given up. It is told as a loss of its own.
        if (isCorrupt) ToldLost = Math.Max(ToldLost, ReadKernelLost());
        return records;
    }

    /// <summary>Takes losses for told that no record of the ring will tell.</summary>
    /// <returns>How many they are.</returns>
    public long TakeUntoldLoss()
    {
        long rest = ReadKernelLost() - ToldLost;
        if (rest <= 0) return 0;
        ToldLost += rest;
        return rest;
    }

    /// <summary>Records that the events could not write, as the kernel counts them; -1 before Linux 6.0.</summary>
    public long ReadKernelLost()
    {
        long total = 0;
        foreach (PerfEvent one in _events)
        {
            long lost = one.ReadLost();
            if (lost < 0) return -1;
            total += lost;
        }

        return total;
    }

    public void Dispose()
    {
        _ring.Dispose();
        foreach (PerfEvent one in _events) one.Dispose();
    }

    private static RingMapping? TryMap(PerfEvent owner, RingSubject subject, int ringBytes, out bool isRefused)
    {
        RingMapping? ring = RingMapping.TryCreate(owner.Descriptor, ringBytes, out int error);
        isRefused = error is Errno.NotPermitted or Errno.NoMemory;
        return ring is not null || isRefused
            ? ring
            : throw KernelAccessException.FromError(error, $"mapping the ring of {subject}");
    }

    private static PerfEvent? TryOpen(RingEvent wanted, RingSubject subject)
    {
        PerfEvent? opened = PerfEvent.TryOpen(wanted.Attributes, subject.ThreadId, subject.Cpu, out int error);
        return opened is not null || error is Errno.NoDevice or Errno.NoSuchProcess
            ? opened
            : throw KernelAccessException.FromError(error, $"{wanted.What} of {subject}", subject.Denied);
    }
}

/// <summary>What the events of a ring are about: every thread on one CPU, or one thread on every CPU.</summary>
/// <param name="ThreadId">The thread, or <see cref="PerfEvent.AllThreads"/>.</param>
/// <param name="Cpu">The CPU, or <see cref="PerfEvent.AnyCpu"/>.</param>
internal readonly record struct RingSubject(int ThreadId, int Cpu)
{
    public static RingSubject OfCpu(int cpu) => new(PerfEvent.AllThreads, cpu);

    public static RingSubject OfThread(int threadId) => new(threadId, PerfEvent.AnyCpu);

    /// <summary>What helps where it is not allowed.</summary>
    public string Denied => Cpu == PerfEvent.AnyCpu ? Remedies.ThreadsOfOthers : Remedies.Paranoid;

    public override string ToString() => Cpu == PerfEvent.AnyCpu ? $"thread {ThreadId}" : $"CPU {Cpu}";
}

/// <summary>What size a ring can have.</summary>
internal static class RingSize
{
    /// <exception cref="ArgumentException">Not a power of two of at least a page.</exception>
    public static void Demand(int bytes)
    {
        int pageBytes = Environment.SystemPageSize;
        if (bytes >= pageBytes && int.IsPow2(bytes)) return;
        throw new ArgumentException($"A ring is a power of two and at least {pageBytes} bytes; {bytes} is not.");
    }
}

/// <summary>Waiting for rings to fill; poll(2).</summary>
internal static class RingPoll
{
    public static PollRequest For(EventRing ring) =>
        new() { Descriptor = ring.PollDescriptor, Requested = PollRequest.Readable };

    /// <param name="groups">What was returned stays in them.</param>
    /// <param name="timeout">Rounded up to milliseconds; negative waits without limit.</param>
    /// <returns>True when a ring passed its watermark.</returns>
    public static bool Wait(PollRequest[][] groups, TimeSpan timeout)
    {
        if (groups is [var only]) return Wait(only, timeout);
        PollRequest[] polls = [.. groups.SelectMany(group => group)];
        bool isReadable = Wait(polls, timeout);
        ReadOnlySpan<PollRequest> rest = polls;
        foreach (PollRequest[] group in groups)
        {
            rest[..group.Length].CopyTo(group);
            rest = rest[group.Length..];
        }

        return isReadable;
    }

    /// <inheritdoc cref="Wait(PollRequest[][], TimeSpan)"/>
    public static bool Wait(PollRequest[] polls, TimeSpan timeout)
    {
        int milliseconds = (int)Math.Clamp(Math.Ceiling(timeout.TotalMilliseconds), -1, int.MaxValue);
        if (Libc.Poll(polls, (nuint)polls.Length, milliseconds) <= 0)
        {
            foreach (ref PollRequest poll in polls.AsSpan()) poll.Returned = 0;
            return false;
        }

        bool isReadable = false;
        foreach (ref PollRequest poll in polls.AsSpan())
        {
            if ((poll.Returned & PollRequest.Readable) != 0) isReadable = true;
            // An event that hung up would make every later call return at once.
            if ((poll.Returned & ~PollRequest.Readable) != 0) poll.Descriptor = -1;
        }

        return isReadable;
    }
}
