using Microsoft.Diagnostics.NETCore.Client;

namespace Observatory.Collector;

/// <summary>One way to ask for a session; older runtimes understand fewer of them.</summary>
/// <param name="Providers">What is asked for.</param>
/// <param name="WithStacks">A stack with each event, wanted by nobody: before .NET 9 it cannot be declined.</param>
/// <param name="Remark">What a user should know of it; empty for nothing.</param>
internal sealed record SessionRequest(IEnumerable<EventPipeProvider> Providers, bool WithStacks, string Remark)
{
    /// <summary>All ways, the best one first.</summary>
    public static IEnumerable<SessionRequest> All(EventDetail detail) =>
    [
        new(SessionProviders.Exact(detail), WithStacks: false, ""),
        new(SessionProviders.Whole(detail), WithStacks: false, ", without filters: the runtime is older than .NET 10"),
        new(SessionProviders.Whole(detail), WithStacks: true, ", without filters and with stacks: the runtime is older than .NET 9"),
    ];

    /// <summary>Opens a session in the first way that the runtime understands.</summary>
    /// <param name="requests">The ways.</param>
    /// <param name="open">Asks for a session.</param>
    /// <exception cref="ServerErrorException">It understands none, or refuses a session for another reason.</exception>
    public static async Task<(EventPipeSession Session, SessionRequest Request)> OpenAsync(
        IEnumerable<SessionRequest> requests, Func<SessionRequest, Task<EventPipeSession>> open)
    {
        ServerErrorException? refused = null;
        foreach (SessionRequest request in requests)
        {
            try
            {
                return (await open(request).ConfigureAwait(false), request);
            }
            catch (ServerErrorException error)
            {
                // Runtimes do not agree on the error for what they do not know; what is wrong with the session as such
                // they say again at the next attempt.
                refused = error;
            }
        }

        throw refused!;
    }
}
