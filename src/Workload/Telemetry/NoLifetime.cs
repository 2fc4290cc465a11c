namespace Observatory.Workload.Telemetry;

/// <summary>Keeps the host from handling signals: they end the sweep, and the sweep ends the host.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
