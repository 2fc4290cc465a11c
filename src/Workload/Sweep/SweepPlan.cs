using Observatory.Contract;
using Observatory.Workload.Options;
using Observatory.Workload.Study;

namespace Observatory.Workload.Sweep;

/// <summary>What a sweep is to do, with everything decided.</summary>
/// <param name="Study">The configurations; each one's position is its index.</param>
/// <param name="Visits">Which comes when.</param>
/// <param name="Order">The kind of order that is.</param>
/// <param name="Iterations">Marked iterations of a visit.</param>
/// <param name="Warmup">Iterations of a visit before those.</param>
/// <param name="Seed">Seed of the input.</param>
/// <param name="Threads">Threads libtorch computes with.</param>
/// <param name="Once">One pass only.</param>
internal sealed record SweepPlan(
    IReadOnlyList<WorkloadConfiguration> Study,
    VisitOrder Visits,
    SweepOrder Order,
    int Iterations,
    int Warmup,
    int Seed,
    int Threads,
    bool Once);
