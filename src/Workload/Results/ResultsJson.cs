using System.Text.Json.Serialization;

namespace Observatory.Workload;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ResultsSummary))]
internal sealed partial class ResultsJson : JsonSerializerContext;
