using System.Text.RegularExpressions;

namespace Observatory.EndToEnd.Tests;

/// <summary>One query of one panel or annotation.</summary>
/// <param name="Dashboard">Uid of its dashboard.</param>
/// <param name="Panel">Title of its panel, or name of its annotation.</param>
/// <param name="Reference">Its letter in the panel.</param>
/// <param name="Expression">PromQL with Grafana's variables in it.</param>
/// <param name="Legend">How the panel calls its series.</param>
/// <param name="IsInstant">Whether it is asked for the end of the time shown only.</param>
internal sealed partial record PanelQuery(
    string Dashboard, string Panel, string Reference, string Expression, string Legend, bool IsInstant)
{
    /// <summary>
    /// Windows that fit a sweep which began a moment ago and is scraped every second; every other variable stands at All.
    /// </summary>
    private static readonly Dictionary<string, string> Values = new()
    {
        ["__rate_interval"] = "15s",
        ["__interval_ms"] = "15000",
        ["__range"] = "1m",
        ["window"] = "30s",
    };

    /// <summary>How lists and messages call it.</summary>
    public string Name => $"{Dashboard} / {Panel} / {Reference}";

    /// <summary>The query as Prometheus gets it.</summary>
    public string Expanded => Variable().Replace(Expression, name => Values.GetValueOrDefault(name.Groups[1].Value, ".*"));

    /// <summary>The variables that it names, Grafana's own included.</summary>
    public IEnumerable<string> Variables => Variable().Matches(Expression).Select(match => match.Groups[1].Value).Distinct();

    /// <summary>The metrics that it names.</summary>
    public IEnumerable<string> Metrics => MetricName().Matches(Expression).Select(match => match.Value).Distinct();

    /// <summary>The labels that it selects and groups by.</summary>
    public IEnumerable<string> Labels => Matcher().Matches(Expression).Select(match => match.Groups[1].Value)
        .Concat(Grouping().Matches(Expression).SelectMany(match =>
            match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        .Distinct();

    /// <summary>The labels that the legend shows.</summary>
    public IEnumerable<string> LegendLabels => LegendLabel().Matches(Legend).Select(match => match.Groups[1].Value);

    /// <summary>Function, metric, window, and what stands behind the window, of everything that looks back.</summary>
    public IEnumerable<(string Function, string Metric, string Window, string Modifier)> Windows => Window().Matches(Expression)
        .Select(match => (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value, match.Groups[4].Value));

    [GeneratedRegex(@"\$(\w+)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\b[a-z][a-z0-9_]*(?=\{)")]
    private static partial Regex MetricName();

    [GeneratedRegex("""[{,]([a-z_]+)=~?" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\b(?:by|on|ignoring)\s*\(([^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex LegendLabel();

    [GeneratedRegex(@"(\w+)\(([a-z0-9_]+)\{[^}]*\}\[([^\]]+)\]( @ end\(\))?")]
    private static partial Regex Window();
}
