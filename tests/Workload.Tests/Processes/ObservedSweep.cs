using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Observatory.Contract;

namespace Observatory.Workload.Tests;

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
