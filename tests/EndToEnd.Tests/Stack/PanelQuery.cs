using System.Text.RegularExpressions;

namespace Observatory.EndToEnd.Tests.Stack;

/// <summary>One query of one panel.</summary>
/// <param name="Dashboard">Uid of its dashboard.</param>
/// <param name="Panel">Title of its panel.</param>
/// <param name="Reference">Its letter in the panel.</param>
/// <param name="Expression">PromQL with Grafana's variables in it.</param>
internal sealed partial record PanelQuery(string Dashboard, string Panel, string Reference, string Expression)
{
    /// <summary>How lists and messages call it.</summary>
    public string Name => $"{Dashboard} / {Panel} / {Reference}";

    /// <summary>
    /// The query as Prometheus gets it when every variable stands at All, with windows that fit a sweep which began a
    /// moment ago and is scraped every second.
    /// </summary>
    public string Expanded => Expression
        .Replace("$__rate_interval", "15s", StringComparison.Ordinal)
        .Replace("$__range", "1m", StringComparison.Ordinal)
        .Replace("$operation", ".*", StringComparison.Ordinal)
        .Replace("$batch", ".*", StringComparison.Ordinal)
        .Replace("$seq", ".*", StringComparison.Ordinal)
        .Replace("$dim", ".*", StringComparison.Ordinal);

    /// <summary>The metrics that it names.</summary>
    public IEnumerable<string> Metrics =>
        MetricName().Matches(Grouping().Replace(Expression, "")).Select(match => match.Value).Distinct();

    [GeneratedRegex(@"\b(?:workload|observatory|dotnet|process)_[a-z0-9_]+(?=\{|\[|\)|$)|\bup(?=\{)")]
    private static partial Regex MetricName();

    // Names of labels, which can look like names of metrics.
    [GeneratedRegex(@"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")]
    private static partial Regex Grouping();
}
