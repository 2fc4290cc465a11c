using System.Diagnostics.Metrics;
using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>What all threads of the target did since the observation began, by role and state: asked at each scrape.</summary>
/// <remarks>
/// A wait that is not over may still turn out to be another state, so a single state may shrink a little between two
/// looks. A counter must not: it stands still until the truth has caught up with what it said.
/// </remarks>
/// <param name="process">The times so far.</param>
/// <param name="kernel">Its tier says what is measured.</param>
/// <param name="runtime">Its tier says whether suspensions are.</param>
internal sealed class PoolMetrics(Func<PoolAccount> process, SourceStatus kernel, SourceStatus runtime)
{
    private readonly Lock _entry = new();
    private readonly StateTimes[] _said = new StateTimes[DetailTotals.Roles.Length];

    public void Observe(IMeterFactory meters) => meters.Create(Meters.Collector).CreateObservableCounter(
        "observatory.pool.time", Read, "s", "Thread time of the target, by the role and the state of its threads.");

    /// <summary>Seconds by role and state, of the roles that have threads.</summary>
    public IReadOnlyList<Measurement<double>> Read()
    {
        PoolAccount now = process();
        List<Measurement<double>> measured = [];
        lock (_entry)
        {
            foreach (ThreadRole role in DetailTotals.Roles)
            {
                ref StateTimes said = ref _said[(int)role];
                if (now[role].Total == Duration.Zero) continue;
                foreach (AccountState state in StateTimes.States)
                {
                    if (now[role][state] > said[state]) said[state] = now[role][state];
                    if (!Measured.HasPool(kernel.Tier, runtime.Tier, state)) continue;
                    measured.Add(new(said[state].Seconds, new("role", Names.Role(role)), new KeyValuePair<string, object?>("state", Names.State(state))));
                }
            }
        }

        return measured;
    }
}
