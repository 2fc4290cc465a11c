using System.Buffers;
using System.Text.Json;
using Observatory.Contract;
using Observatory.Hosting;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// Every account as one line of JSON, for a look at single iterations: times are whole nanoseconds, so
/// that the states can be added up and compared with the wall time exactly.
/// </summary>
internal sealed class AccountLog : IFindingsSink, IDisposable
{
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;
    private readonly BackgroundOutput _file;
    private readonly SourceStatus _kernel;
    private readonly SourceStatus _runtime;
    private readonly FaultCost? _faultCost;
    private readonly CauseSink _causes;

    /// <param name="file">Where.</param>
    /// <param name="kernel">Its tier says what else is measured.</param>
    /// <param name="runtime">Its tier says whether suspensions are measured.</param>
    /// <param name="faultCost">What a minor page fault costs; null where that is not known.</param>
    /// <param name="causes">Has found the causes of an account before it comes here.</param>
    public AccountLog(BackgroundOutput file, SourceStatus kernel, SourceStatus runtime, FaultCost? faultCost, CauseSink causes)
    {
        (_file, _kernel, _runtime, _faultCost, _causes) = (file, kernel, runtime, faultCost, causes);
        _json = new Utf8JsonWriter(_line);
    }

    public void IterationClosed(WorkloadConfiguration configuration, in UnitAccount account)
    {
        BeginLine();
        _json.WriteNumber("iteration", account.Iteration);
        _json.WriteNumber("thread", account.Thread);
        _json.WriteString(Labels.Operation, configuration.Operation);
        _json.WriteNumber(Labels.BatchSize, configuration.BatchSize);
        _json.WriteNumber(Labels.SequenceLength, configuration.SequenceLength);
        _json.WriteNumber(Labels.EmbeddingDim, configuration.EmbeddingDim);
        if (configuration.Axes.HasFlag(StudyAxes.Threads)) _json.WriteNumber(Labels.Threads, configuration.Threads);
        if (configuration.Axes.HasFlag(StudyAxes.DataType)) _json.WriteString(Labels.DataType, configuration.DataType);
        WriteAccount(account, StateTimes.States);
        AccountDetailsJson.Write(_json, account.Details, _kernel, _runtime, _faultCost);
        EndLine();
    }

    public void RequestClosed(RequestName name, in UnitAccount account)
    {
        BeginLine();
        _json.WriteString("kind", UnitObservation.KindOf(account.Kind));
        _json.WriteString("unit", name.Text);
        _json.WriteNumber("number", account.Iteration);
        _json.WriteNumber("thread", account.Thread);
        WriteAccount(account, StateTimes.UnitStates);
        AccountDetailsJson.Write(
            _json, "cpu_ns", account.Details.Work[AccountState.Running].Nanoseconds, Measured.HasState(_kernel, _runtime, AccountState.Running));
        _json.WriteNumber("segments", account.Segments);
        AccountDetailsJson.WriteOfThreads(_json, account.Details, _kernel, _faultCost);
        AccountDetailsJson.WriteAwaited(_json, account.Details.Awaited, isMeasured: account.Segments > 0);
        EndLine();
    }

    private void BeginLine()
    {
        _line.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
    }

    private void EndLine()
    {
        _json.WriteEndObject();
        _json.Flush();
        _line.Write("\n"u8);
        _file.Add(_line.WrittenSpan);
    }

    /// <summary>What every account has: its time, whether something is missing, its states and its causes.</summary>
    private void WriteAccount(in UnitAccount account, AccountState[] states)
    {
        _json.WriteNumber("began_ns", account.Began.Nanoseconds);
        _json.WriteNumber("ended_ns", account.Ended.Nanoseconds);
        _json.WriteBoolean("complete", account.IsComplete);
        WriteReasons(account.Reasons);
        _json.WriteStartObject("ns");
        foreach (AccountState state in states)
        {
            // Where the tier has become lower, an account may still have what was measured before.
            bool isMeasured = account.Times[state] > Duration.Zero || Measured.HasState(_kernel, _runtime, state);
            AccountDetailsJson.Write(_json, Names.State(state), account.Times[state].Nanoseconds, isMeasured);
        }

        _json.WriteEndObject();
        WriteCauses();
        WriteWithoutCpu();
    }

    /// <summary>Preempted and waking time by the kind of its cause, <c>throttled</c> among them; the parts add up to both.</summary>
    private void WriteWithoutCpu()
    {
        long[] kinds = _causes.LatestWithoutCpu.ByKind();
        _json.WriteStartObject("without_cpu_ns");
        foreach (CauseKind kind in Cause.Kinds)
        {
            if (kinds[(int)kind] > 0) _json.WriteNumber(Cause.NameOf(kind), kinds[(int)kind]);
        }

        _json.WriteEndObject();
    }

    /// <summary>What the wall time was spent for, the largest part first; the parts add up to it.</summary>
    private void WriteCauses()
    {
        _json.WriteStartArray("causes");
        foreach ((Cause cause, long nanoseconds) in _causes.Latest.Ranked)
        {
            _json.WriteStartObject();
            _json.WriteString("cause", Cause.NameOf(cause.Kind));
            if (cause.By.Length > 0) _json.WriteString("by", cause.By);
            if (cause.Pid > 0) _json.WriteNumber("pid", cause.Pid);
            if (cause.Detail.Length > 0) _json.WriteString("detail", cause.Detail);
            if (cause.IsBound) _json.WriteBoolean("at_most", true);
            _json.WriteNumber("ns", nanoseconds);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    /// <summary>Every reason, the most telling first; none for a complete account.</summary>
    private void WriteReasons(IncompleteReasons reasons)
    {
        _json.WriteStartArray("incomplete_because");
        foreach (IncompleteReasons reason in Names.ReasonsByWeight)
        {
            if (reasons.HasFlag(reason)) _json.WriteStringValue(Names.Reason(reason));
        }

        _json.WriteEndArray();
    }

    public void Dispose() => _json.Dispose();
}

/// <summary>What stands beside one account: <c>beside</c> has counts, <c>counters</c> the thread's own, <c>blocked_for_ns</c> what blocked time
/// waited for, <c>blocked_mainly</c> the largest part of it, <c>pool_ns</c> the states of all threads by role.</summary>
internal static class AccountDetailsJson
{
    public static void Write(Utf8JsonWriter json, UnitDetails details, SourceStatus kernel, SourceStatus runtime, FaultCost? faultCost)
    {
        WriteBeside(json, details, kernel, faultCost);
        WriteCounted(json, details.Counted);
        WriteBlocked(json, details.Blocked, Measured.HasBlockedFor(kernel.Tier));
        if (Measured.HasPool(kernel.Tier)) WritePool(json, details.Pool, kernel, runtime);
        else json.WriteNull("pool_ns");
    }

    /// <summary>For a unit that shares its time with others: what its own threads did.</summary>
    public static void WriteOfThreads(Utf8JsonWriter json, UnitDetails details, SourceStatus kernel, FaultCost? faultCost)
    {
        WriteBeside(json, details, kernel, faultCost);
        WriteBlocked(json, details.Blocked, Measured.HasBlockedFor(kernel.Tier));
    }

    /// <summary>The parts of <c>awaiting</c>; null where nothing tells which threads worked on the unit, and so what it awaited.</summary>
    public static void WriteAwaited(Utf8JsonWriter json, in AwaitedTimes awaited, bool isMeasured)
    {
        if (!isMeasured)
        {
            json.WriteNull("awaited_for_ns");
            return;
        }

        json.WriteStartObject("awaited_for_ns");
        foreach (AwaitedFor kind in AwaitedTimes.Kinds) json.WriteNumber(Names.Awaited(kind), awaited[kind].Nanoseconds);
        json.WriteEndObject();
    }

    private static void WriteBeside(Utf8JsonWriter json, UnitDetails details, SourceStatus kernel, FaultCost? faultCost)
    {
        bool counts = Measured.HasCounts(kernel.Tier, kernel.HasCounters);
        bool pool = Measured.HasPool(kernel.Tier);
        json.WriteStartObject("beside");
        json.WriteBoolean("complete", details.IsComplete);
        Write(json, "voluntary_switches", details.VoluntarySwitches, counts);
        Write(json, "involuntary_switches", details.InvoluntarySwitches, counts);
        Write(json, "migrations", details.Migrations, Measured.HasMigrations(kernel.Tier));
        Write(json, "minor_faults", details.MinorFaults, counts);
        Write(json, "major_faults", details.MajorFaults, counts);
        Write(json, "pool_minor_faults", details.PoolMinorFaults, pool);
        Write(json, "pool_major_faults", details.PoolMajorFaults, pool);
        Write(json, "modelled_fault_ns", Modelled(details.MinorFaults, faultCost), counts && faultCost is not null);
        json.WriteEndObject();
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
        foreach (BlockedFor cause in BlockedAccount.Causes) json.WriteNumber(Names.BlockedCause(cause), blocked[cause].Nanoseconds);
        json.WriteEndObject();
        if (blocked.Main is not { } main)
        {
            json.WriteNull("blocked_mainly");
            return;
        }

        json.WriteStartObject("blocked_mainly");
        Write(json, "thread", main.Waker, isMeasured: main.Waker > TimelineEvent.UnknownThread);
        json.WriteString("by", Names.BlockedCause(main.Cause));
        json.WriteNumber("ns", main.Time.Nanoseconds);
        json.WriteEndObject();
    }

    private static void WritePool(Utf8JsonWriter json, PoolAccount pool, SourceStatus kernel, SourceStatus runtime)
    {
        json.WriteStartObject("pool_ns");
        foreach (ThreadRole role in DetailTotals.Roles)
        {
            if (pool[role].Total == Duration.Zero) continue;
            json.WriteStartObject(Names.Role(role));
            foreach (AccountState state in StateTimes.States)
            {
                bool isMeasured = Measured.HasPool(kernel.Tier, runtime.Tier, state);
                Write(json, Names.State(state), pool[role][state].Nanoseconds, isMeasured);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    internal static void Write(Utf8JsonWriter json, string name, long value, bool isMeasured)
    {
        if (isMeasured) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }
}
