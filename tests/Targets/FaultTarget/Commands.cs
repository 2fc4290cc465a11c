using System.Text.Json;
using System.Text.Json.Serialization;

namespace Observatory.FaultTarget;

/// <summary>Does what a line of input asks for.</summary>
internal static class Commands
{
    public static string Run(Units units, string[] words)
    {
        switch (words)
        {
            case ["plant", var name, .. var arguments]:
                if (Fault.Create(name, arguments) is not { } fault) return $$"""{"error":"no fault {{name}}"}""";
                units.Replace(fault);
                break;
            case ["clear"]:
                units.Replace(null);
                break;
            case ["helpers", var number]:
                units.Helpers = int.Parse(number);
                break;
            case ["stats"]:
                break;
            default:
                return """{"error":"not a command"}""";
        }

        return JsonSerializer.Serialize(units.TakeStatistics(), AnswerJsonContext.Default.Statistics);
    }
}

/// <summary>What the units took since the last answer, as the target measured it itself.</summary>
/// <param name="Pid">Its process id.</param>
/// <param name="Units">How many ended.</param>
/// <param name="Median">Nanoseconds.</param>
/// <param name="P95">Nanoseconds.</param>
/// <param name="Mean">Nanoseconds.</param>
internal sealed record Statistics(int Pid, int Units, long Median, long P95, double Mean);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Statistics))]
internal sealed partial class AnswerJsonContext : JsonSerializerContext;
