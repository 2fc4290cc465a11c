using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>The answer to <c>attach --list</c>.</summary>
internal static class CandidateReport
{
    /// <summary>Prints the candidates, one per line or as one JSON object.</summary>
    /// <returns>The exit code.</returns>
    public static int Print(bool json)
    {
        IReadOnlyList<Candidate> candidates = Candidates.List();
        Console.WriteLine(json ? ToJson(candidates) : ToText(candidates));
        return ExitCodes.Done;
    }

    /// <summary>A head, and a line each.</summary>
    public static string ToText(IEnumerable<Candidate> candidates) => string.Join(
        '\n',
        candidates
            .Select(candidate => Line(
                candidate.Process.Id,
                candidate.Process.UserId,
                candidate.Uptime.ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture),
                candidate.RuntimeVersion ?? "-",
                candidate.Name))
            .Prepend(Line("pid", "user", "uptime", "runtime", "name")));

    /// <summary>One JSON object.</summary>
    public static string ToJson(IEnumerable<Candidate> candidates) => JsonSerializer.Serialize(
        new CandidatesDocument([.. candidates.Select(candidate => new CandidateDocument(
            candidate.Process.Id,
            candidate.Name,
            candidate.Process.UserId,
            candidate.Uptime.TotalSeconds,
            candidate.RuntimeVersion))]),
        CandidatesJsonContext.Default.CandidatesDocument);

    private static string Line(object pid, object user, string uptime, string runtime, string name) => string.Create(
        CultureInfo.InvariantCulture, $"{pid,8}  {user,6}  {uptime,11}  {runtime,-10}  {name}");
}

internal sealed record CandidatesDocument(IReadOnlyList<CandidateDocument> Processes);

internal sealed record CandidateDocument(int Pid, string Name, uint UserId, double UptimeSeconds, string? RuntimeVersion);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true)]
[JsonSerializable(typeof(CandidatesDocument))]
internal sealed partial class CandidatesJsonContext : JsonSerializerContext;
