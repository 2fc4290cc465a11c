using System.Globalization;
using System.Text.Json;

namespace Observatory.EndToEnd.Tests;

/// <summary>One series of an answer of Prometheus at one instant.</summary>
internal sealed record Sample(IReadOnlyDictionary<string, string> Labels, double Value)
{
    /// <summary>The label's value; empty when the series lacks it, as in PromQL.</summary>
    public string this[string label] => Labels.GetValueOrDefault(label, "");

    /// <summary>Reads an item of an instant vector.</summary>
    public static Sample Read(JsonElement item) => new(
        item.GetProperty("metric").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!),
        ReadValue(item.GetProperty("value")));

    /// <summary>Reads a pair of time and value; the value is text, so that infinity and NaN survive.</summary>
    public static double ReadValue(JsonElement pair) => pair[1].GetString() switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        string text => double.Parse(text, CultureInfo.InvariantCulture),
        null => throw new FormatException("A value of Prometheus is text."),
    };

    public override string ToString() =>
        $"{{{string.Join(",", Labels.Select(label => $"{label.Key}={label.Value}"))}}} {Value:R}";
}
