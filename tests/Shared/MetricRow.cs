using System.Diagnostics.Metrics;

namespace Observatory.Tests.Shared;

/// <summary>A metric as docs/metrics.md has it.</summary>
/// <param name="Name">As Prometheus shows it.</param>
/// <param name="Type">counter, gauge or histogram.</param>
/// <param name="Labels">Names of labels, in alphabetical order.</param>
/// <param name="Meaning">The instrument's own description.</param>
internal sealed record MetricRow(string Name, string Type, IReadOnlyList<string> Labels, string Meaning)
{
    /// <summary>Names of its series.</summary>
    public IEnumerable<string> Series => Type == "histogram" ? [$"{Name}_bucket", $"{Name}_sum", $"{Name}_count"] : [Name];

    public static MetricRow Of(Instrument instrument, IEnumerable<string> labels)
    {
        string type = TypeOf(instrument);
        return new MetricRow(NameOf(instrument, type), type, [.. labels.Select(Escape).Order(StringComparer.Ordinal)], instrument.Description ?? "");
    }

    /// <summary>Reads what <see cref="ToString"/> has written; null when the line is no row.</summary>
    public static MetricRow? Parse(string line) => line.Split('|', StringSplitOptions.TrimEntries) is ["", ['`', .. var name, '`'], var type, var labels, var meaning, ""]
        ? new MetricRow(name, type, [.. labels.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(label => label.Trim('`'))], meaning)
        : null;

    public override string ToString() => $"| `{Name}` | {Type} | {string.Join(", ", Labels.Select(label => $"`{label}`"))} | {Meaning} |";

    private static string TypeOf(Instrument instrument)
    {
        string type = instrument.GetType().Name;
        return type.Contains("Counter", StringComparison.Ordinal) && !type.Contains("UpDown", StringComparison.Ordinal) ? "counter"
            : type.Contains("Histogram", StringComparison.Ordinal) ? "histogram"
            : "gauge";
    }

    /// <summary>What the exporter makes of names and units; a test compares with what it really shows.</summary>
    private static string NameOf(Instrument instrument, string type)
    {
        string unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            "By/s" => "_bytes_per_second",
            _ => "",
        };
        return Escape(instrument.Name) + unit + (type == "counter" ? "_total" : "");
    }

    private static string Escape(string name) => name.Replace('.', '_');
}
