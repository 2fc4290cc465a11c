using System.Net;
using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Contract;
using Observatory.Kernel;

namespace Observatory.Collector.Tests;

/// <summary>What is undone where a target cannot be observed after all.</summary>
[Collection(OwnRuntime.Name)]
public sealed class FailedStartTests
{
    /// <summary>Its events would go on being written until somebody reads them: until its buffers are full.</summary>
    [Fact]
    public async Task A_target_that_cannot_be_let_go_does_not_keep_its_session()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using var host = new ObservationHost(new ObserveOptions
        {
            ProcessId = Environment.ProcessId,
            Live = false,
            Tier = KernelTier.None,
            Endpoint = new(IPAddress.Loopback, 0),
        });
        await host.StartAsync();
        var target = new HeldTarget();
        await using (Observation observation = await Observation.ConnectAsync(host, target, cancellation))
        {
            await Assert.ThrowsAsync<IOException>(() => observation.StartAsync(cancellation));
            Assert.True(target.WasObserved);
        }

        Assert.False(WorkloadEventSource.Log.IsEnabled());
    }

    /// <summary>The runtime of this process; it ends at the last moment.</summary>
    private sealed class HeldTarget : ITarget
    {
        public bool WasObserved { get; private set; }

        public int ProcessId => Environment.ProcessId;

        public bool HasHeartbeat => true;

        public int ExitCode => 0;

        public Task<DiagnosticsClient> ConnectAsync(CancellationToken cancellation) => Task.FromResult(new DiagnosticsClient(ProcessId));

        public void Resume(DiagnosticsClient client)
        {
            WasObserved = WorkloadEventSource.Log.IsEnabled();
            throw new IOException("It has ended.");
        }

        public Task StopAsync() => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
