namespace Observatory.EndToEnd.Tests;

/// <summary>Each kind of runtime event, provoked in a real process, arrives in its metric.</summary>
public sealed class MetricTests(VerboseChurn fixture) : IClassFixture<VerboseChurn>
{
    private readonly ObservedChurn _churn = fixture.Churn;

    [Theory]
    [InlineData("observatory_gc_pause_duration_seconds_count", "generation=gen2,reason=induced")]
    [InlineData("observatory_gc_pause_duration_seconds_count", "generation=gen0,reason=induced")]
    [InlineData("observatory_gc_pause_duration_seconds_count", "operation=churn,batch_size=1,sequence_length=2,embedding_dim=3")]
    [InlineData("observatory_gc_pause_duration_seconds_count", "operation=none,batch_size=none")]
    [InlineData("observatory_gc_time_to_suspend_seconds_count", "")]
    [InlineData("observatory_gc_background_phase_duration_seconds_count", "phase=initial_mark")]
    [InlineData("observatory_gc_background_phase_duration_seconds_count", "phase=concurrent_mark")]
    [InlineData("observatory_gc_background_phase_duration_seconds_count", "phase=final_mark")]
    [InlineData("observatory_gc_background_phase_duration_seconds_count", "phase=concurrent_sweep")]
    [InlineData("observatory_gc_collections_total", "generation=gen2,type=background")]
    [InlineData("observatory_gc_collections_total", "reason=induced,type=blocking")]
    [InlineData("observatory_gc_promoted_bytes_total", "generation=gen0")]
    [InlineData("observatory_gc_survived_bytes_total", "generation=gen2,pinned=false")]
    [InlineData("observatory_gc_survived_bytes_total", "generation=gen0,pinned=true")]
    [InlineData("observatory_gc_heap_size_bytes", "generation=gen2")]
    [InlineData("observatory_gc_heap_fragmentation_bytes", "generation=gen2")]
    [InlineData("observatory_gc_pinned_objects", "")]
    [InlineData("observatory_gc_handles", "")]
    [InlineData("observatory_gc_committed_bytes", "")]
    [InlineData("observatory_target_memory_usage_bytes", "")]
    public Task Of_the_garbage_collector(string name, string labels) => _churn.SeesAsync(name, labels);

    [Theory]
    [InlineData("observatory_allocation_sampled_bytes_total", "type=Node")]
    [InlineData("observatory_allocation_sampled_objects_total", "type=System.Byte[]")]
    [InlineData("observatory_allocation_samples_total", "type=System.Byte[]")]
    [InlineData("observatory_allocation_heap_bytes_total", "heap=large")]
    [InlineData("observatory_allocation_heap_bytes_total", "heap=small")]
    [InlineData("observatory_iteration_allocation_bytes_total", "operation=churn")]
    public Task Of_allocations(string name, string labels) => _churn.SeesAsync(name, labels);

    [Theory]
    [InlineData("observatory_contention_duration_seconds_count", "owner=holder")]
    [InlineData("observatory_wait_duration_seconds_count", "kind=handle")]
    [InlineData("observatory_wait_duration_seconds_count", "kind=monitor")]
    [InlineData("observatory_thread_pool_queue_delay_seconds_count", "")]
    [InlineData("observatory_thread_pool_adjustments_total", "reason=starvation")]
    [InlineData("observatory_thread_pool_workers", "")]
    [InlineData("observatory_threads_started_total", "kind=managed")]
    [InlineData("observatory_threads_ended_total", "kind=managed")]
    public Task Of_threads(string name, string labels) => _churn.SeesAsync(name, labels);

    [Theory]
    [InlineData("observatory_exceptions_total", "error_type=System.InvalidTimeZoneException")]
    [InlineData("observatory_jit_method_duration_seconds_count", "")]
    [InlineData("observatory_jit_tiering_duration_seconds_count", "")]
    [InlineData("observatory_jit_tiering_methods_total", "")]
    [InlineData("observatory_assemblies_loaded_total", "")]
    public Task Of_code(string name, string labels) => _churn.SeesAsync(name, labels);

    [Theory]
    [InlineData("gc")]
    [InlineData("background")]
    [InlineData("allocations")]
    [InlineData("contention")]
    [InlineData("waits")]
    [InlineData("pool")]
    [InlineData("queue")]
    [InlineData("threads")]
    [InlineData("exceptions")]
    [InlineData("jit")]
    [InlineData("tiering")]
    [InlineData("loader")]
    public Task Events_are_counted_by_group(string group) => _churn.SeesAsync("observatory_events_total", $"source=runtime,kind={group}");

    /// <summary>The timeline and the metric measure the same suspensions, on ways of their own.</summary>
    [Fact]
    public async Task Pauses_add_up_to_the_suspensions_of_the_timeline()
    {
        Exposition scraped = await _churn.SeesAsync("observatory_gc_suspension_duration_seconds_count");
        double pauses = scraped.Sum("observatory_gc_pause_duration_seconds_count")!.Value;
        double suspensions = scraped.Sum("observatory_gc_suspension_duration_seconds_count")!.Value;
        // The timeline waits until it is certain: it is behind, never ahead by more than the last.
        Assert.InRange(suspensions, 1, pauses + 1);
    }
}
