namespace Observatory.EndToEnd.Tests;

/// <summary>One target that does everything, observed in every detail. Started once for all tests that only read.</summary>
public sealed class VerboseChurn : IAsyncLifetime
{
    internal ObservedChurn Churn { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Churn = await ObservedChurn.StartAsync(
        ["large", "survive", "pinned", "induced", "background", "iterate", "lock", "wait", "exceptions", "threads", "queue", "starve", "load", "compile"],
        "--runtime-events",
        "verbose",
        "--tier",
        "none");

    public ValueTask DisposeAsync() => Churn.DisposeAsync();
}
