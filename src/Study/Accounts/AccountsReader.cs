using System.Text.Json.Serialization;
using System.Text.Json;

namespace Observatory.Study;

/// <summary>Reads the accounts of iterations that the collector writes, a line of JSON for each. Those of requests are passed over.</summary>
public static class AccountsReader
{
    /// <param name="lines">Of the file; empty ones are passed over.</param>
    /// <exception cref="ResultsFormatException">A line is not an account, or there are no lines.</exception>
    public static IReadOnlyList<AccountLine> Read(IEnumerable<string> lines)
    {
        AccountLine[] accounts =
        [
            .. lines.Index()
                .Where(line => !string.IsNullOrWhiteSpace(line.Item))
                .Select(line => Parse(line.Item, line.Index + 1))
                .OfType<AccountLine>(),
        ];
        return accounts.Length > 0 ? accounts : throw new ResultsFormatException("it has no account");
    }

    /// <returns>Null for a unit that is no iteration.</returns>
    private static AccountLine? Parse(string line, int number)
    {
        try
        {
            bool isOther = line.Contains("\"kind\"", StringComparison.Ordinal)
                && JsonSerializer.Deserialize(line, AccountsReaderJson.Default.OtherUnit)?.Kind is not null;
            return isOther ? null : JsonSerializer.Deserialize(line, AccountsReaderJson.Default.AccountLine)
                ?? throw new ResultsFormatException($"its line {number} is not an account");
        }
        catch (JsonException problem)
        {
            throw new ResultsFormatException(
                $"its line {number} is not an account: {NumberText.Harmless(problem.Message.ReplaceLineEndings(" ")).TrimEnd('.')}");
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AccountLine))]
[JsonSerializable(typeof(OtherUnit))]
internal sealed partial class AccountsReaderJson : JsonSerializerContext;

/// <summary>Units that are no iterations say what they are.</summary>
internal sealed record OtherUnit
{
    public string? Kind { get; init; }
}

/// <summary>What an observer says about one iteration: a line of the collector's <c>--accounts</c> file.</summary>
public sealed record AccountLine
{
    /// <summary>Number of the iteration in its process.</summary>
    public required long Iteration { get; init; }

    public required string Operation { get; init; }

    public required long BatchSize { get; init; }

    public required long SequenceLength { get; init; }

    public required long EmbeddingDim { get; init; }

    /// <summary>CLOCK_MONOTONIC, in nanoseconds.</summary>
    public required long BeganNs { get; init; }

    /// <summary>CLOCK_MONOTONIC, in nanoseconds.</summary>
    public required long EndedNs { get; init; }

    /// <summary>No time of it is unknown.</summary>
    public required bool Complete { get; init; }

    /// <summary>Nanoseconds of the driving thread by state; they add up to the wall time. Null: not measured.</summary>
    public required IReadOnlyDictionary<string, long?> Ns { get; init; }

    /// <summary>The same of all threads, by their role; null where they were not observed.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, long?>>? PoolNs { get; init; }

    /// <summary>What the wall time was spent on, and which process or thread took it where that is known; null in files of older collectors.</summary>
    public IReadOnlyList<AccountCause>? Causes { get; init; }

    /// <summary>In nanoseconds.</summary>
    [JsonIgnore]
    public long WallNs => EndedNs - BeganNs;

    /// <summary>It is of this configuration.</summary>
    internal bool IsOf(ConfigurationKey key) =>
        (Operation, BatchSize, SequenceLength, EmbeddingDim) == (key.Operation, key.Batch, key.Sequence, key.Dim);
}

/// <summary>A part of the wall time of an iteration.</summary>
public sealed record AccountCause
{
    /// <summary>What kind of cause, for example <c>preempted</c>.</summary>
    public required string Cause { get; init; }

    /// <summary>The process, thread or generation that is the cause; null where there is none to name.</summary>
    public string? By { get; init; }

    public required long Ns { get; init; }
}
