namespace Observatory.EndToEnd.Tests;

public sealed class DocumentedTests(VerboseChurn fixture) : IClassFixture<VerboseChurn>
{
    [Fact]
    public async Task Every_series_of_a_target_of_many_kinds_of_events_is_documented()
    {
        await fixture.Churn.SeesAsync("observatory_thread_pool_queue_delay_seconds_count");
        Documented.Check(await fixture.Churn.SeesAsync("observatory_gc_background_phase_duration_seconds_count"));
    }
}
