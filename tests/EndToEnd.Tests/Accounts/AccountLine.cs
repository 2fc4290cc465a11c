using System.Text;
using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>One line of the file that --accounts writes.</summary>
internal sealed record AccountLine(
    long Iteration, long Dim, long Began, long Ended, bool IsComplete, IReadOnlyDictionary<string, long> States)
{
    // A run may have 300,000 lines: kept as trees they took 8 kB each, 2.4 GB of these tests' process.
    private byte[] _line = [];

    /// <summary>The whole line, read anew each time.</summary>
    public JsonNode Json => JsonNode.Parse(_line)!;

    /// <summary>Why it is incomplete; empty for a complete one.</summary>
    public IReadOnlyList<string> IncompleteBecause { get; private init; } = [];

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
            IncompleteBecause = [.. json["incomplete_because"]!.AsArray().Select(reason => string.Intern(reason!.GetValue<string>()))],
            _line = Encoding.UTF8.GetBytes(line),
        };
    }
}
