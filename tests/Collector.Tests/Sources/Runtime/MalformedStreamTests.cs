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
        Task reading = Task.Factory.StartNew(
            () => source.Read(new MemoryStream(stream), (thread, _) => thread), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await reading.WaitAsync(Limit, TestContext.Current.CancellationToken);
        await source.Ended.WaitAsync(Limit, TestContext.Current.CancellationToken);
        return (status, inbox.Take().Events.Count(happened => happened.Kind == EventKind.IterationEnded));
    }

    private static async Task<byte[]> RecordAsync()
    {
        var client = new DiagnosticsClient(Environment.ProcessId);
        using EventPipeSession session = await client.StartEventPipeSessionAsync(
            RuntimeEventIds.Session(
                new SessionRequest(SessionProviders.Exact(EventDetail.Default), WithStacks: false, ""), 16, new SessionExtras(OwnCounters: false, Group: null, Heartbeat: false)),
            TestContext.Current.CancellationToken);
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
