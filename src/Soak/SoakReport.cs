using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Observatory.Soak;

/// <summary>What a soak test has come to, as text.</summary>
/// <param name="plan">What was meant.</param>
/// <param name="samples">What was seen.</param>
public sealed class SoakReport(SoakPlan plan, IReadOnlyList<SoakSample> samples)
{
    private const int PlotWidth = 640;
    private const int PlotHeight = 120;

    /// <summary>The criteria.</summary>
    public SoakVerdict Verdict { get; } = SoakVerdict.From(plan, samples);

    /// <summary>Time from the first to the newest sample.</summary>
    public TimeSpan Elapsed => samples.Count == 0 ? TimeSpan.Zero : samples[^1].At - plan.Began;

    private string Head => string.Create(
        CultureInfo.InvariantCulture,
        $"{plan.Target}: {Length(Elapsed)} of {Length(TimeSpan.FromSeconds(plan.Seconds))}, {samples.Count} {(samples.Count == 1 ? "sample" : "samples")}, begun {plan.Began.ToUniversalTime():yyyy-MM-dd HH:mm:ss} UTC");

    /// <summary>A table of the criteria.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.AppendLine("# Soak test").AppendLine().AppendLine(Cell(Head)).AppendLine().AppendLine(Cell($"Verdict: {Verdict.Sentence}.")).AppendLine();
        text.AppendLine("| criterion | outcome | what was seen |").AppendLine("|---|---|---|");
        foreach (SoakFinding finding in Verdict.Findings)
            text.AppendLine(CultureInfo.InvariantCulture, $"| `{finding.Criterion}` | {Name(finding.Outcome)} | {Cell(finding.Sentence)} |");
        return text.ToString();
    }

    /// <summary>A self-contained page: the table, and each series as a line.</summary>
    public string ToHtml()
    {
        var page = new StringBuilder();
        page.Append("""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Soak test</title>
            <style>:root{color-scheme:light dark;--fails:#b3142a;--inconclusive:#8a5a00;--holds:#2b6b23;--line:#1f60c4}
            @media(prefers-color-scheme:dark){:root{--fails:#ff8d97;--inconclusive:#f0b84a;--holds:#7fc97a;--line:#7db1f5}}
            body{font:16px/1.5 system-ui,sans-serif;max-width:75rem;margin:1.5rem auto;padding:0 1rem;overflow-wrap:break-word}table{border-collapse:collapse;width:100%}
            td,th{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #8884}td:nth-child(-n+2){white-space:nowrap}
            .fails{color:var(--fails)}.inconclusive{color:var(--inconclusive)}.holds{color:var(--holds)}td.fails,td.inconclusive,td.holds{font-weight:600}
            h2{font-size:1.05rem;margin:1.5rem 0 0}h2+p{margin:.2rem 0}svg{width:100%;height:7rem;background:#8881}
            polyline{fill:none;stroke:var(--line);stroke-width:1.5;vector-effect:non-scaling-stroke}
            .plots{display:grid;gap:0 2rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,30rem),1fr))}
            @media(max-width:40rem){th{display:none}td{display:block;border:0;padding:0}td:first-child{padding-top:.6rem}td:last-child{padding-bottom:.6rem;border-bottom:1px solid #8884}}</style></head><body>
            """);
        page.Append(CultureInfo.InvariantCulture, $"<h1>Soak test</h1><p>{Html(Head)}</p><p class=\"{Name(Verdict.Outcome)}\"><strong>Verdict: {Html(Verdict.Sentence)}.</strong></p>");
        page.Append("<table><tr><th>criterion</th><th>outcome</th><th>what was seen</th></tr>");
        foreach (SoakFinding finding in Verdict.Findings)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{Html(finding.Criterion)}</td><td class=\"{Name(finding.Outcome)}\">{Name(finding.Outcome)}</td><td>{Html(finding.Sentence)}</td></tr>");
        }

        page.Append("</table><div class=\"plots\">");
        foreach (GrowthCriterion criterion in GrowthCriterion.All) AddPlot(page, criterion);
        return page.Append("</div></body></html>").ToString();
    }

    /// <summary>One JSON object: plan, verdict and findings.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new SoakDocument(plan, Elapsed.TotalSeconds, samples.Count, Verdict.Outcome, Verdict.Sentence, Verdict.Findings), SoakReportContext.Default.SoakDocument);

    private void AddPlot(StringBuilder page, GrowthCriterion criterion)
    {
        Point[] points = Trend.Reduce(
            [.. criterion.Values(samples).Select(value => new Point((value.At - plan.Began).TotalHours, value.Value))], PlotWidth / 2, criterion.IsFloor);
        if (points.Length < 2) return;
        (double least, double most) = (points.Min(point => point.Value), points.Max(point => point.Value));
        double span = Math.Max(most - least, 1e-9);
        double hours = Math.Max(points[^1].Hours - points[0].Hours, 1e-9);
        string line = string.Join(' ', points.Select(point => string.Create(
            CultureInfo.InvariantCulture,
            $"{(point.Hours - points[0].Hours) / hours * PlotWidth:0.#},{PlotHeight - 5 - ((point.Value - least) / span * (PlotHeight - 10)):0.#}")));
        page.Append(
            CultureInfo.InvariantCulture,
            $"<div><h2>{Html(criterion.Title)}</h2><p>{least:0.##} to {most:0.##} {Html(criterion.Unit)} in {Length(TimeSpan.FromHours(hours))}</p><svg viewBox=\"0 0 {PlotWidth} {PlotHeight}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{Html(criterion.Title)} over time\"><polyline points=\"{line}\"/></svg></div>");
    }

    /// <summary>A time for people: minutes, from an hour on hours.</summary>
    public static string Length(TimeSpan time) => time < TimeSpan.FromHours(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} min")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.##} h");

    private static string Name(SoakOutcome outcome) => outcome switch
    {
        SoakOutcome.Holds => "holds",
        SoakOutcome.Fails => "fails",
        _ => "inconclusive",
    };

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Names of targets are text from outside: in Markdown they must not begin anything.</summary>
    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).ReplaceLineEndings(" ");
}

internal sealed record SoakDocument(
    SoakPlan Plan, double ElapsedSeconds, int Samples, SoakOutcome Outcome, string Verdict, IReadOnlyList<SoakFinding> Findings);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SoakDocument))]
internal sealed partial class SoakReportContext : JsonSerializerContext;
