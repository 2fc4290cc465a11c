using Observatory.Contract;

namespace Observatory.ChurnTarget;

/// <summary>Marked iterations in which a collection happens for certain.</summary>
internal static class Iterations
{
    private static readonly WorkloadConfiguration Configuration = new(
        Index: 0, "churn", BatchSize: 1, SequenceLength: 2, EmbeddingDim: 3, "none", Threads: 1, FloatingPointOperations: 1, InputBytes: 1);

    public static void One(Random random)
    {
        WorkloadEventSource.Log.Declare(Configuration);
        WorkloadEventSource.Log.Beat();
        long iteration = WorkloadEventSource.Log.BeginIteration(Configuration.Index);
        Allocation.Small(random);
        GC.Collect(1);
        WorkloadEventSource.Log.EndIteration(iteration, Configuration.Index);
        Pause.For(20);
    }
}
