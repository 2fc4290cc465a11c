using System.Text.Json.Serialization.Metadata;
using System.Text.Json.Serialization;
using System.Text.Json;
using System.Text;

namespace Observatory.Study;

/// <summary>
/// Writes results as JSON with a line for each configuration, so that files can be searched and compared by line.
/// </summary>
public static class StudyResultsWriter
{
    /// <summary>The text of a results file; it ends with a line break.</summary>
    public static string Write(StudyResults results)
    {
        StudyResultsJson json = StudyResultsJson.Default;
        var text = new StringBuilder("{\n");
        Append(text, "schema", results.Schema, json.String).Append(",\n");
        Append(text, "version", results.Version, json.Int32).Append(",\n");
        Append(text, "started_at", results.StartedAt, json.DateTimeOffset).Append(",\n");
        Append(text, "machine", results.Machine, json.MachineFingerprint).Append(",\n");
        if (results.Limits is { } limits) Append(text, "limits", limits, json.MachineLimits).Append(",\n");
        if (results.FurtherLimits is { } further)
            AppendLines(text, "further_limits", further, json.MachineLimits).Append(",\n");
        Append(text, "run", results.Run, json.RunSettings).Append(",\n");
        AppendLines(text, "configurations", results.Configurations, json.MeasuredConfiguration).Append(",\n");
        AppendLines(text, "left_out", results.LeftOut, json.LeftOutConfiguration).Append("\n}\n");
        return text.ToString();
    }

    private static StringBuilder Append<T>(StringBuilder text, string name, T value, JsonTypeInfo<T> type) =>
        text.Append('"').Append(name).Append("\": ").Append(JsonSerializer.Serialize(value, type));

    private static StringBuilder AppendLines<T>(
        StringBuilder text, string name, IReadOnlyList<T> values, JsonTypeInfo<T> type) => text
        .Append('"').Append(name).Append("\": [")
        .AppendJoin(',', values.Select(value => "\n" + JsonSerializer.Serialize(value, type)))
        .Append(values.Count > 0 ? "\n]" : "]");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StudyResults))]
internal sealed partial class StudyResultsJson : JsonSerializerContext;
