using System.Net;
using System.Text;

namespace Observatory.Study;

/// <summary>Sections as one HTML page that needs nothing else and follows the reader's choice of light or dark.</summary>
internal static class HtmlText
{
    private const string Style = """
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
        table.text td { white-space: normal; }
        table.text td:nth-child(2) { font-weight: 600; min-width: 6rem; }
        @media (max-width: 700px) {
          body { padding: 1rem; }
          table.text, table.text tbody, table.text tr, table.text td { display: block; }
          table.text tr:first-child { display: none; }
          table.text td { border: 0; padding: .1rem 0; }
          table.text td:first-child { border-top: 1px solid var(--line); padding-top: .6rem; }
          table.text td:last-child { padding-bottom: .6rem; }
        }
        .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 1rem; margin-top: 1rem; }
        figure { margin: 0; border: 1px solid var(--line); border-radius: 6px; padding: .5rem; }
        svg { width: 100%; height: auto; display: block; }
        """;

    public static string Write(string title, IEnumerable<Section> sections)
    {
        var page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append($"<title>{title}</title>\n<style>\n{PlotStyle.Css}\n{Style}\n</style>\n</head>\n<body>\n<h1>{title}</h1>\n");
        foreach (Section section in sections) Append(page, section);
        return page.Append("</body>\n</html>\n").ToString();
    }

    private static void Append(StringBuilder page, Section section)
    {
        page.Append($"<section>\n<h2>{Text(section.Title)}</h2>\n");
        foreach (string paragraph in section.Text) page.Append($"<p>{Text(paragraph)}</p>\n");
        if (section.Table is { Rows.Count: > 0 } table) Append(page, table);
        if (section.Plots.Count > 0) page.Append("<div class=\"plots\">\n").AppendJoin("", section.Plots.Select(plot => $"<figure>{plot.Svg}</figure>\n")).Append("</div>\n");
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
