using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

/// <summary>
/// A real stream of this process's own runtime, damaged: the source says that it broke off or failed, ends, and never takes
/// the process with it.
/// </summary>
[Collection(OwnRuntime.Name)]
public sealed class MalformedStreamTests
{
    private const int Seed = 20261126;
    private const int Damaged = 50;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_damaged_stream_ends_the_source_and_nothing_else()
    {
        byte[] whole = await RecordAsync();
        (SourceStatus intact, long iterations) = await ReadAsync(whole);
        Assert.Equal((null, "stream ended"), (intact.Failure, intact.Detail));
        Assert.Equal(20, iterations);

        var random = new Random(Seed);
        var ends = new Dictionary<string, int>();
        for (int i = 0; i < Damaged; i++)
        {
            (SourceStatus status, _) = await ReadAsync(Damage(whole, random));
            Assert.False(status.IsUp);
            string end = status.Failure is { } failure ? failure.GetType().Name : status.Detail;
            ends[end] = ends.GetValueOrDefault(end) + 1;
        }

        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(", ", ends.Select(end => $"{end.Value} {end.Key}")));
        // What was damaged is not always noticed: a byte of a payload is any byte. But most of it is.
        Assert.True(ends.Count > 1);
    }

    /// <summary>The library takes memory for a block's length before it sees the block: up to 2 GiB for four bytes.</summary>
    [Fact]
    public async Task A_length_that_cannot_be_ends_the_source_before_memory_is_taken_for_it()
    {
        byte[] whole = await RecordAsync();
        (SourceStatus intact, _, long needed) = await MeasureAsync(whole);
        Assert.Null(intact.Failure);
        int[] lengths = [.. BlockLengths(whole)];
        Assert.NotEmpty(lengths);

        var random = new Random(Seed);
        int refused = 0;
        long most = 0;
        for (int i = 0; i < 8 * Damaged; i++)
        {
            byte[] copy = [.. whole];
            int at = i % 2 == 0 ? lengths[random.Next(lengths.Length)] : random.Next(copy.Length - 4);
            int length = random.Next(4) switch
            {
                0 => int.MaxValue - random.Next(100),
                1 => -random.Next(1, 1000),
                2 => BoundedStream.MostBlock + 1 + random.Next(1 << 28),
                _ => random.Next(BoundedStream.MostBlock),
            };
            BitConverter.TryWriteBytes(copy.AsSpan(at), length);
            (SourceStatus status, string? brokeOff, long taken) = await MeasureAsync(copy);
            Assert.False(status.IsUp);
            if (brokeOff?.StartsWith("stream is damaged: at byte ", StringComparison.Ordinal) == true) refused++;
            bool isBelieved = length is >= 0 and <= BoundedStream.MostBlock;
            if (i % 2 == 0 && !isBelieved) Assert.Contains("is announced", status.Detail, StringComparison.Ordinal);
            if (taken > most) most = taken;
            Assert.True(taken < needed + (2L * BoundedStream.MostBlock), $"{taken:N0} bytes for {length:N0} at {at:N0}; intact takes {needed:N0}");
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{needed:N0} bytes intact, at most {most:N0} damaged, {refused} refused");
        Assert.True(refused >= 2 * Damaged, $"{refused} refused");
    }

    [Fact]
    public async Task What_is_no_stream_of_events_is_refused_at_its_first_bytes()
    {
        (SourceStatus status, string? brokeOff, _) = await MeasureAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
        Assert.Null(status.Failure);
        Assert.EndsWith("it does not begin as one", brokeOff, StringComparison.Ordinal);
    }

    /// <summary>Where the lengths of blocks stand: behind the name of their kind.</summary>
    private static IEnumerable<int> BlockLengths(byte[] whole)
    {
        foreach (string kind in (string[])["EventBlock", "MetadataBlock", "StackBlock", "SPBlock"])
        {
            byte[] name = [.. System.Text.Encoding.ASCII.GetBytes(kind), 6];
            for (int from = 0, at; (at = whole.AsSpan(from).IndexOf(name)) >= 0; from += at + name.Length) yield return from + at + name.Length;
        }
    }

    /// <summary>Cut off, bytes changed, a stretch doubled or taken out, or nothing of a stream at all.</summary>
    private static byte[] Damage(byte[] whole, Random random)
    {
        int at = random.Next(whole.Length);
        int length = Math.Min(random.Next(1, 200), whole.Length - at);
        byte[] copy = [.. whole];
        switch (random.Next(6))
        {
            case 0: return whole[..at];
            case 1:
                for (int i = 0; i < 8; i++) copy[random.Next(copy.Length)] = (byte)random.Next(256);
                return copy;
            case 2:
                // Lengths and counts stand in four bytes.
                BitConverter.TryWriteBytes(copy.AsSpan(Math.Min(at, copy.Length - 4)), random.Next(2) == 0 ? int.MaxValue : -random.Next(1000));
                return copy;
            case 3: return [.. whole[..at], .. whole[(at + length)..]];
            case 4: return [.. whole[..(at + length)], .. whole[at..]];
            default:
                random.NextBytes(copy.AsSpan(at));
                return copy;
        }
    }

    private static async Task<(SourceStatus Status, long Iterations)> ReadAsync(byte[] stream)
    {
        (RuntimeSource source, SourceStatus status, Inbox inbox) = Make();
        await ReadAsync(source, stream);
        return (status, inbox.Take().Events.Run.ToArray().Count(happened => happened.Kind == EventKind.IterationEnded));
    }

    /// <returns>How it went, and what the reading thread allocated, in bytes.</returns>
    private static async Task<(SourceStatus Status, string? BrokeOff, long Taken)> MeasureAsync(byte[] stream)
    {
        (RuntimeSource source, SourceStatus status, _) = Make();
        long taken = await ReadAsync(source, stream);
        return (status, source.BrokeOff, taken);
    }

    private static (RuntimeSource Source, SourceStatus Status, Inbox Inbox) Make()
    {
        var status = new SourceStatus("runtime");
        var inbox = new Inbox(StreamKind.Runtime);
        var source = new RuntimeSource(
            inbox,
            status,
            _ => { },
            new ThreadReports(new CounterReadings(), new CounterGroups(null, _ => { })),
            new RuntimeEventFan([]),
            new RuntimeSourceOptions(),
            new UnitObservation(new UnitNames([])));
        status.Started(Tiers.EventPipe, "");
        return (source, status, inbox);
    }

    private static async Task<long> ReadAsync(RuntimeSource source, byte[] stream)
    {
        Task<long> reading = Task.Factory.StartNew(
            () =>
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                source.Read(new MemoryStream(stream), (thread, _) => thread);
                return GC.GetAllocatedBytesForCurrentThread() - before;
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        long taken = await reading.WaitAsync(Limit, TestContext.Current.CancellationToken);
        await source.Ended.WaitAsync(Limit, TestContext.Current.CancellationToken);
        return taken;
    }

    private static async Task<byte[]> RecordAsync()
    {
        using EventPipeSession session = await OwnRuntime.StartSessionAsync(bufferMegabytes: 16);
        var bytes = new MemoryStream();
        Task copying = session.EventStream.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(WorkloadEventSource.Log.IsEnabled, Limit));
        for (int i = 0; i < 20; i++)
        {
            WorkloadEventSource.Log.EndIteration(WorkloadEventSource.Log.BeginIteration(0), 0);
            if (i % 5 == 0) GC.Collect(0);
        }

        await session.StopAsync(TestContext.Current.CancellationToken);
        await copying.WaitAsync(Limit, TestContext.Current.CancellationToken);
        return bytes.ToArray();
    }
}
