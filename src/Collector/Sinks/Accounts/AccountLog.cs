using System.Text.Json;
using Observatory.Contract;
using Observatory.Hosting;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// Every account as one line of JSON, for whoever wants to look at single iterations: times are whole nanoseconds, so
/// that the states can be added up and compared with the wall time exactly.
/// </summary>
internal sealed class AccountLog : IFindingsSink, IDisposable
{
    private readonly FileStream _file;
    private readonly Utf8JsonWriter _json;
    private readonly SourceStatus _kernel;
    private readonly SourceStatus _runtime;
    private readonly FaultCost? _faultCost;

    /// <param name="path">Where.</param>
    /// <param name="kernel">Its tier says what else is measured.</param>
    /// <param name="runtime">Its tier says whether suspensions are measured.</param>
    /// <param name="faultCost">What a minor page fault costs; null where that is not known.</param>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public AccountLog(string path, SourceStatus kernel, SourceStatus runtime, FaultCost? faultCost)
    {
        _kernel = kernel;
        _runtime = runtime;
        _faultCost = faultCost;
        try
        {
            _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--accounts '{path}' cannot be written: {refused.Message}");
        }

        _json = new Utf8JsonWriter(_file);
    }

    public void IterationClosed(WorkloadConfiguration configuration, in IterationAccount account)
    {
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteNumber("iteration", account.Iteration);
        _json.WriteNumber("thread", account.Thread);
        _json.WriteString(Labels.Operation, configuration.Operation);
        _json.WriteNumber(Labels.BatchSize, configuration.BatchSize);
        _json.WriteNumber(Labels.SequenceLength, configuration.SequenceLength);
        _json.WriteNumber(Labels.EmbeddingDim, configuration.EmbeddingDim);
        _json.WriteNumber("began_ns", account.Began.Nanoseconds);
        _json.WriteNumber("ended_ns", account.Ended.Nanoseconds);
        _json.WriteBoolean("complete", account.IsComplete);
        WriteReasons(account.Reasons);
        _json.WriteStartObject("ns");
        foreach (AccountState state in StateTimes.States)
        {
            if (state == AccountState.Gc && _runtime.Tier == Tiers.Contract) _json.WriteNull(StateNames.Of(state));
            else _json.WriteNumber(StateNames.Of(state), account.Times[state].Nanoseconds);
        }

        _json.WriteEndObject();
        AccountDetailsJson.Write(_json, account.Details, _kernel, _runtime, _faultCost);
        _json.WriteEndObject();
        _json.Flush();
        _file.WriteByte((byte)'\n');
    }

    /// <summary>Every reason, the most telling first; none for a complete account.</summary>
    private void WriteReasons(IncompleteReasons reasons)
    {
        _json.WriteStartArray("incomplete_because");
        foreach (IncompleteReasons reason in ReasonNames.All)
        {
            if (reasons.HasFlag(reason)) _json.WriteStringValue(ReasonNames.Of(reason));
        }

        _json.WriteEndArray();
    }

    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }
}
