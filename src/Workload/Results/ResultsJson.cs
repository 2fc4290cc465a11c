using System.Text.Json.Serialization;

namespace Observatory.Workload.Results;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ResultsSummary))]
internal sealed partial class ResultsJson : JsonSerializerContext;
