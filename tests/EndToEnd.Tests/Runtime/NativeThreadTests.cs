namespace Observatory.EndToEnd.Tests;

[Collection(SharedSweep.Name)]
public sealed class NativeThreadTests(ObservedSweep sweep)
{
    /// <summary>The workers of libtorch: the runtime never tells of them, /proc does.</summary>
    [Fact]
    public async Task Threads_of_a_native_library_are_native()
    {
        Assert.SkipUnless(Environment.ProcessorCount > 1, "Needs two CPUs: on one, libtorch makes no threads.");
        await Eventually.TrueAsync(
            "native threads",
            async () => (await Exposition.ReadAsync(sweep.CollectorMetrics)).Sum("observatory_threads_started_total", "kind=native") > 0);
    }
}
