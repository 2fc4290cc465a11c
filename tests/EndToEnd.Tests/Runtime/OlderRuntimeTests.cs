namespace Observatory.EndToEnd.Tests;

/// <summary>
/// A process on .NET 8: it samples no allocations but ticks every 100 KB, and knows no filter by event number.
/// </summary>
public sealed class OlderRuntimeTests(OlderRuntimeTests.OlderChurn fixture) : IClassFixture<OlderRuntimeTests.OlderChurn>
{
    private readonly ObservedChurn _churn = fixture.Churn;

    [Theory]
    [InlineData("observatory_allocation_sampled_bytes_total", "type=Node")]
    [InlineData("observatory_allocation_heap_bytes_total", "heap=large")]
    [InlineData("observatory_allocation_samples_total", "type=System.Byte[]")]
    [InlineData("observatory_iteration_allocation_bytes_total", "operation=churn")]
    public Task Allocations_are_told_by_ticks(string name, string labels) => _churn.SeesAsync(name, labels);

    [Theory]
    [InlineData("observatory_gc_pause_duration_seconds_count", "generation=gen2,reason=induced")]
    [InlineData("observatory_gc_heap_size_bytes", "generation=gen2")]
    [InlineData("observatory_gc_committed_bytes", "")]
    [InlineData("observatory_contention_duration_seconds_count", "")]
    [InlineData("observatory_threads_started_total", "kind=managed")]
    [InlineData("observatory_exceptions_total", "error_type=System.InvalidTimeZoneException")]
    public Task The_rest_is_as_on_newer_ones(string name, string labels) => _churn.SeesAsync(name, labels);

    [Fact]
    public async Task Iterations_have_accounts()
    {
        Exposition scraped = await _churn.SeesAsync("observatory_iteration_duration_seconds_count", "operation=churn");
        Assert.Equal(0, scraped.Sum("observatory_events_lost_total", "source=runtime"));
    }

    public sealed class OlderChurn : IAsyncLifetime
    {
        internal ObservedChurn Churn { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Churn = await ObservedChurn.StartAsync(
            Built.OlderChurnTarget,
            ["allocate", "large", "induced", "iterate", "lock", "exceptions", "threads"],
            new Dictionary<string, string?>(),
            "--runtime-events",
            "default,+allocations,+exceptions",
            "--tier",
            "none");

        public ValueTask DisposeAsync() => Churn.DisposeAsync();
    }
}
