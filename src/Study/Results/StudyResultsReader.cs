using System.Text.Json;

namespace Observatory.Study;

/// <summary>Reads results files, and lets nothing pass that later steps could stumble over.</summary>
public static class StudyResultsReader
{
    /// <param name="text">The whole text of a file.</param>
    /// <exception cref="ResultsFormatException">
    /// It is not JSON, not the results of a study, of a version that is not known here, or contradicts itself.
    /// </exception>
    public static StudyResults Read(string text)
    {
        try
        {
            RequireSchema(text);
            StudyResults results = JsonSerializer.Deserialize(text, StudyResultsJson.Default.StudyResults)!;
            ResultsCheck.Require(results);
            return results;
        }
        catch (JsonException problem)
        {
            throw new ResultsFormatException($"it is not a results file: {FirstSentence(problem)}");
        }
    }

    /// <summary>A foreign file should be called one, not a file that lacks a field of ours.</summary>
    private static void RequireSchema(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw new ResultsFormatException("it is empty");
        using JsonDocument document = JsonDocument.Parse(text);
        JsonElement root = document.RootElement;
        if (Property(root, "schema") is not { ValueKind: JsonValueKind.String } schema
            || schema.GetString() != StudyResults.SchemaName)
        {
            throw new ResultsFormatException(
                $"it is JSON, but not a results file (no \"schema\": \"{StudyResults.SchemaName}\")");
        }

        if (Property(root, "version") is not { ValueKind: JsonValueKind.Number } number
            || !number.TryGetInt32(out int version) || version != StudyResults.CurrentVersion)
        {
            throw new ResultsFormatException(
                $"its version is {Property(root, "version")?.GetRawText() ?? "missing"}, and only version "
                + $"{StudyResults.CurrentVersion} is known here");
        }
    }

    private static JsonElement? Property(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out JsonElement value) ? value : null;

    private static string FirstSentence(JsonException problem) => problem.Message.ReplaceLineEndings(" ").TrimEnd('.');
}
