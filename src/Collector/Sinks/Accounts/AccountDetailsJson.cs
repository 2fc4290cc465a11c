using System.Text.Json;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>What stands beside one account: <c>beside</c> has counts, <c>counters</c> the thread's own, <c>blocked_for_ns</c> what blocked time
/// waited for, <c>blocked_mainly</c> the largest part of it, <c>pool_ns</c> the states of all threads by role.</summary>
internal static class AccountDetailsJson
{
    public static void Write(Utf8JsonWriter json, IterationDetails details, SourceStatus kernel, SourceStatus runtime, FaultCost? faultCost)
    {
        bool counts = MeasuredDetails.HasCounts(kernel.Tier, kernel.HasCounters);
        bool pool = MeasuredDetails.HasPool(kernel.Tier);
        json.WriteStartObject("beside");
        json.WriteBoolean("complete", details.IsComplete);
        Write(json, "voluntary_switches", details.VoluntarySwitches, counts);
        Write(json, "involuntary_switches", details.InvoluntarySwitches, counts);
        Write(json, "migrations", details.Migrations, MeasuredDetails.HasMigrations(kernel.Tier));
        Write(json, "minor_faults", details.MinorFaults, counts);
        Write(json, "major_faults", details.MajorFaults, counts);
        Write(json, "pool_minor_faults", details.PoolMinorFaults, pool);
        Write(json, "pool_major_faults", details.PoolMajorFaults, pool);
        Write(json, "modelled_fault_ns", Modelled(details.MinorFaults, faultCost), counts && faultCost is not null);
        json.WriteEndObject();
        WriteCounted(json, details.Counted);
        WriteBlocked(json, details.Blocked, MeasuredDetails.HasBlockedFor(kernel.Tier));
        if (pool) WritePool(json, details.Pool, kernel, runtime);
        else json.WriteNull("pool_ns");
    }

    private static long Modelled(long faults, FaultCost? cost) => (long)Math.Round(faults * (cost?.Seconds ?? 0) * 1e9);

    private static void WriteCounted(Utf8JsonWriter json, CountedEvents? counted)
    {
        if (counted is null)
        {
            json.WriteNull("counters");
            return;
        }

        json.WriteStartObject("counters");
        json.WriteNumber("counted_share", counted.CountedShare);
        for (int i = 0; i < counted.Names.Count; i++)
            Write(json, counted.Names[i], counted.Values[i] ?? 0, counted.Values[i] is not null);
        json.WriteEndObject();
    }

    private static void WriteBlocked(Utf8JsonWriter json, BlockedAccount blocked, bool isMeasured)
    {
        if (!isMeasured)
        {
            json.WriteNull("blocked_for_ns");
            json.WriteNull("blocked_mainly");
            return;
        }

        json.WriteStartObject("blocked_for_ns");
        foreach (BlockedFor cause in BlockedAccount.Causes) json.WriteNumber(CauseNames.Of(cause), blocked[cause].Nanoseconds);
        json.WriteEndObject();
        if (blocked.Main is not { } main)
        {
            json.WriteNull("blocked_mainly");
            return;
        }

        json.WriteStartObject("blocked_mainly");
        Write(json, "thread", main.Waker, isMeasured: main.Waker > TimelineEvent.UnknownThread);
        json.WriteString("by", CauseNames.Of(main.Cause));
        json.WriteNumber("ns", main.Time.Nanoseconds);
        json.WriteEndObject();
    }

    private static void WritePool(Utf8JsonWriter json, PoolAccount pool, SourceStatus kernel, SourceStatus runtime)
    {
        json.WriteStartObject("pool_ns");
        foreach (ThreadRole role in DetailTotals.Roles)
        {
            if (pool[role].Total == Duration.Zero) continue;
            json.WriteStartObject(RoleNames.Of(role));
            foreach (AccountState state in StateTimes.States)
            {
                bool isMeasured = MeasuredDetails.HasPool(kernel.Tier, runtime.Tier, state);
                Write(json, StateNames.Of(state), pool[role][state].Nanoseconds, isMeasured);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, long value, bool isMeasured)
    {
        if (isMeasured) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }
}
