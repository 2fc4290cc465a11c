using Observatory.Tests.Shared;
using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Observatory.Contract;

namespace Observatory.Workload.Tests;

/// <summary>What an observer in another process learns of a whole sweep.</summary>
public sealed class ObservedSweepTests
{
    [Fact]
    public async Task Every_iteration_and_no_warm_up_arrives_between_its_declaration_and_the_last_beat()
    {
        IReadOnlyList<(int Id, byte[] Payload)> events = await ObservedSweep.RunAsync(
            "sweep --batches 1,2 --sequences 16 --dims 8,16 --iterations 5 --warmup 2 --once --no-limits --quiet --no-metrics");

        IterationPayload[] iterations = [.. events.Where(IsIteration).Select(Iteration)];
        Assert.Equal(Enumerable.Range(1, 4 * 5 * 2).Select(n => (long)n), iterations.Select(i => i.Sequence));
        Assert.All(
            iterations.Chunk(2),
            pair => Assert.Equal(pair[0] with { Sequence = pair[0].Sequence + 1, ThreadSequence = pair[0].ThreadSequence + 1 }, pair[1]));
        Assert.Equal([5, 5, 5, 5], iterations.Chunk(2).CountBy(pair => pair[0].Configuration).Select(c => c.Value));
        Assert.Equal(["0: 1x16x8", "1: 1x16x16", "2: 2x16x8", "3: 2x16x16"], Declared(events));
        Assert.Equal(
            [WorkloadEventIds.ConfigurationDeclared, WorkloadEventIds.Heartbeat], events.TakeLast(2).Select(e => e.Id));
        Assert.True(HeartbeatPayload.TryRead(events[^1].Payload, out HeartbeatPayload last));
        Assert.Equal(new HeartbeatPayload(40, 20), last);
        AssertDeclaredBeforeUse(events);
    }

    private static void AssertDeclaredBeforeUse(IReadOnlyList<(int Id, byte[] Payload)> events)
    {
        HashSet<long> declared = [];
        foreach ((int id, byte[] payload) in events)
        {
            if (id == WorkloadEventIds.ConfigurationDeclared) declared.Add(WorkloadConfiguration.Read(payload)!.Index);
            if (id != WorkloadEventIds.IterationStart) continue;
            Assert.Contains(Iteration((id, payload)).Configuration, declared);
        }
    }

    private static bool IsIteration((int Id, byte[] Payload) received) =>
        received.Id is WorkloadEventIds.IterationStart or WorkloadEventIds.IterationStop;

    private static IEnumerable<string> Declared(IEnumerable<(int Id, byte[] Payload)> events) => events
        .Where(e => e.Id == WorkloadEventIds.ConfigurationDeclared)
        .Select(e => WorkloadConfiguration.Read(e.Payload)!)
        .DistinctBy(c => c.Index)
        .OrderBy(c => c.Index)
        .Select(c => $"{c.Index}: {c.BatchSize}x{c.SequenceLength}x{c.EmbeddingDim}");

    private static IterationPayload Iteration((int Id, byte[] Payload) received)
    {
        Assert.True(IterationPayload.TryRead(received.Payload, out IterationPayload payload));
        return payload;
    }
}

/// <summary>
/// Starts the workload suspended, as an observer that wants its first iteration does, and reads its events.
/// </summary>
internal static class ObservedSweep
{
    /// <summary>
    /// Runs to the end; ids and payloads of all events of the contract, in the order of their arrival.
    /// </summary>
    public static async Task<IReadOnlyList<(int Id, byte[] Payload)>> RunAsync(string arguments)
    {
        using var folder = new TemporaryFolder();
        string socket = Path.Combine(folder.Path, "port");
        using var limit = new CancellationTokenSource(WorkloadProcess.Limit);
        Task<DiagnosticsClientConnector?> connecting =
            DiagnosticsClientConnector.FromDiagnosticPort(socket, limit.Token)!;
        using WorkloadProcess process = WorkloadProcess.Start(arguments, ("DOTNET_DiagnosticPorts", socket));
        await using DiagnosticsClientConnector connector = (await connecting)!;
        var events = await ReadAsync(connector.Instance);
        Assert.Equal(0, (await process.EndAsync()).Code);
        return events;
    }

    private static async Task<IReadOnlyList<(int Id, byte[] Payload)>> ReadAsync(DiagnosticsClient client)
    {
        EventPipeProvider[] providers = [new(WorkloadEventSource.SourceName, EventLevel.Informational)];
        using EventPipeSession session = client.StartEventPipeSession(new EventPipeSessionConfiguration(
            providers, circularBufferSizeMB: 64, requestRundown: false, requestStackwalk: false));
        client.ResumeRuntime();
        return await Task.Run(() => Read(session.EventStream)).WaitAsync(WorkloadProcess.Limit);
    }

    private static List<(int Id, byte[] Payload)> Read(Stream stream)
    {
        List<(int, byte[])> events = [];
        using var source = new EventPipeEventSource(stream);
        source.Dynamic.All += received =>
        {
            if (received.ProviderName == WorkloadEventSource.SourceName && (int)received.ID is >= 1 and <= 4)
            {
                events.Add(((int)received.ID, received.EventData()));
            }
        };
        source.Process();
        return events;
    }
}
