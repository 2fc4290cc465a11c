using Microsoft.Extensions.Hosting;

namespace Observatory.Hosting;

/// <summary>
/// Leaves signals alone. The server's default would stop it at Ctrl-C, while the collector still drains its sources and
/// wants its last numbers to be scraped.
/// </summary>
internal sealed class UnboundLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
