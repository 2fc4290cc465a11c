using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>One line of the file that --accounts writes.</summary>
internal sealed record AccountLine(
    long Iteration, long Dim, long Began, long Ended, bool IsComplete, IReadOnlyDictionary<string, long> States)
{
    /// <summary>The whole line.</summary>
    public required JsonNode Json { get; init; }

    /// <summary>Why it is incomplete; empty for a complete one.</summary>
    public IReadOnlyList<string> IncompleteBecause =>
        [.. Json["incomplete_because"]!.AsArray().Select(reason => reason!.GetValue<string>())];

    public long Wall => Ended - Began;

    public static AccountLine Parse(string line)
    {
        JsonNode json = JsonNode.Parse(line)!;
        return new AccountLine(
            json["iteration"]!.GetValue<long>(),
            json["embedding_dim"]!.GetValue<long>(),
            json["began_ns"]!.GetValue<long>(),
            json["ended_ns"]!.GetValue<long>(),
            json["complete"]!.GetValue<bool>(),
            json["ns"]!.AsObject().ToDictionary(state => state.Key, state => state.Value?.GetValue<long>() ?? 0))
        {
            Json = json,
        };
    }
}
