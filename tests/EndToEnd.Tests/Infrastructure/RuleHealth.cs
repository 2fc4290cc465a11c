using System.Text.Json;

namespace Observatory.EndToEnd.Tests;

/// <summary>How a rule fares in a running Prometheus.</summary>
/// <param name="Name">Of the alert or the recorded series.</param>
/// <param name="Health">ok, err, or unknown before its first evaluation.</param>
/// <param name="Error">What the last evaluation failed with; empty when it did not.</param>
internal sealed record RuleHealth(string Name, string Health, string Error)
{
    /// <summary>Reads an item of a group's rules.</summary>
    public static RuleHealth Read(JsonElement rule) => new(
        rule.GetProperty("name").GetString()!,
        rule.GetProperty("health").GetString()!,
        rule.TryGetProperty("lastError", out JsonElement error) ? error.GetString()! : "");
}
