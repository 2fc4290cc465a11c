using System.Text.Json.Serialization;

namespace Observatory.Study;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StudyResults))]
internal sealed partial class StudyResultsJson : JsonSerializerContext;
