using System.Net;
using System.Text;

namespace Observatory.Study.Reporting;

/// <summary>Sections as one HTML page that needs nothing else and follows the reader's choice of light or dark.</summary>
internal static class HtmlText
{
    private const string Style = """
        :root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --paper: #fff; --line: #d8dee4;
          --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #b4508f; --c4: #a67c00; --c5: #3aa0d8; --c6: #6f42c1; --c7: #6e7781; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9198a1; --paper: #0d1117; --line: #30363d;
          --c0: #58a6ff; --c1: #ff9b5e; --c2: #3fd0a0; --c3: #e58cc4; --c4: #e3c04a; --c5: #9bdcff; --c6: #b596ff; --c7: #aab4be; } }
        body { margin: 0 auto; max-width: 1240px; padding: 1.5rem; background: var(--paper); color: var(--ink);
          font: 15px/1.5 system-ui, sans-serif; }
        h2 { margin-top: 2.2rem; border-bottom: 1px solid var(--line); }
        p { max-width: 75rem; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
        th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
        td { white-space: nowrap; }
        th { color: var(--soft); font-weight: 600; }
        .name { text-align: left; }
        table.text td:last-child { white-space: normal; }
        .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 1rem; margin-top: 1rem; }
        figure { margin: 0; border: 1px solid var(--line); border-radius: 6px; padding: .5rem; }
        svg { width: 100%; height: auto; display: block; }
        svg text { fill: var(--soft); font: 11px system-ui, sans-serif; }
        svg .title { fill: var(--ink); font-size: 14px; font-weight: 600; }
        .grid { stroke: var(--line); }
        .line { fill: none; stroke: var(--c); stroke-width: 1.6; }
        .mark { fill: var(--c); }
        .ref { --c: var(--soft); stroke-dasharray: 5 4; }
        .c0 { --c: var(--c0); } .c1 { --c: var(--c1); } .c2 { --c: var(--c2); } .c3 { --c: var(--c3); }
        .c4 { --c: var(--c4); } .c5 { --c: var(--c5); } .c6 { --c: var(--c6); } .c7 { --c: var(--c7); }
        """;

    public static string Of(string title, IEnumerable<Section> sections)
    {
        var page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append($"<title>{title}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<h1>{title}</h1>\n");
        foreach (Section section in sections) Append(page, section);
        return page.Append("</body>\n</html>\n").ToString();
    }

    private static void Append(StringBuilder page, Section section)
    {
        page.Append($"<section>\n<h2>{Text(section.Title)}</h2>\n");
        foreach (string paragraph in section.Text) page.Append($"<p>{Text(paragraph)}</p>\n");
        if (section.Table is { Rows.Count: > 0 } table) Append(page, table);
        if (section.Plots.Count > 0) page.Append("<div class=\"plots\">\n").AppendJoin("", section.Plots).Append("</div>\n");
        page.Append("</section>\n");
    }

    private static void Append(StringBuilder page, Table table)
    {
        page.Append(table.Names == table.Heads.Count ? "<div class=\"wide\"><table class=\"text\">\n" : "<div class=\"wide\"><table>\n");
        AppendRow(page, table, "th", table.Heads);
        foreach (IReadOnlyList<string> row in table.Rows) AppendRow(page, table, "td", row);
        page.Append("</table></div>\n");
    }

    private static void AppendRow(StringBuilder page, Table table, string element, IReadOnlyList<string> cells)
    {
        page.Append("<tr>");
        for (int i = 0; i < cells.Count; i++)
        {
            string name = i < table.Names ? " class=\"name\"" : "";
            page.Append($"<{element}{name}>{Text(cells[i])}</{element}>");
        }

        page.Append("</tr>\n");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
