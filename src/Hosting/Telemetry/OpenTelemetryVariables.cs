using System.Collections;

namespace Observatory.Hosting;

/// <summary>The environment variables that OpenTelemetry defines: all of those whose names begin with OTEL_.</summary>
public sealed class OpenTelemetryVariables(IReadOnlyDictionary<string, string?> values)
{
    private const string Prefix = "OTEL_";

    /// <summary>Those of this process.</summary>
    public static OpenTelemetryVariables OfProcess() => new(
        Environment.GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .Where(variable => ((string)variable.Key).StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value));

    /// <summary>Name and value of each; an empty one counts as not set, as the specification says.</summary>
    public IEnumerable<KeyValuePair<string, string?>> All => values.Where(variable => !string.IsNullOrEmpty(variable.Value));

    /// <summary>The value; null when it is not set.</summary>
    public string? this[string name] => values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}
