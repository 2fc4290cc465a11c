using System.Globalization;
using System.Net;
using System.Text;

namespace Observatory.Study;

/// <summary>
/// Sections as one HTML page that asks no other server for anything and follows the reader's choice of light or dark. Tables
/// keep the columns that name a row in view, and can be sorted and filtered.
/// </summary>
internal static class HtmlText
{
    /// <summary>Shorter tables are read at once.</summary>
    private const int LeastRowsToFilter = 9;

    private const string Style = """
        body { margin: 0 auto; max-width: 1560px; padding: 1.5rem; background: var(--paper); color: var(--ink);
          font: 15px/1.5 system-ui, sans-serif; }
        h1 { margin-bottom: .2rem; }
        h2 { margin-top: 2.2rem; border-bottom: 1px solid var(--line); }
        p { max-width: 75rem; }
        .where { color: var(--soft); margin-top: 0; }
        nav { display: flex; flex-wrap: wrap; gap: .2rem 1rem; padding: .5rem 0; border-bottom: 1px solid var(--line); }
        nav a { color: var(--c0); text-decoration: none; }
        nav a:hover { text-decoration: underline; }
        input.filter { font: inherit; font-size: 13px; padding: .2rem .5rem; margin-bottom: .4rem; color: inherit; background: var(--paper);
          border: 1px solid var(--line); border-radius: 4px; width: 16rem; max-width: 100%; }
        .wide { overflow: auto; max-height: 80vh; }
        table { border-collapse: separate; border-spacing: 0; font-size: 13px; font-variant-numeric: tabular-nums; }
        th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
        td { white-space: nowrap; }
        th { color: var(--soft); font-weight: 600; position: sticky; top: 0; background: var(--paper); z-index: 2; }
        th[data-sort] { cursor: pointer; }
        th[aria-sort=ascending]::after { content: " \25B2"; }
        th[aria-sort=descending]::after { content: " \25BC"; }
        .key { position: sticky; left: 0; background: var(--paper); z-index: 1; }
        th.key { z-index: 3; }
        .name { text-align: left; }
        table.text th { position: static; }
        table.text td { white-space: normal; }
        table.text td:nth-child(2) { font-weight: 600; min-width: 6rem; }
        .plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 440px), 1fr)); align-items: start; gap: 1rem; margin-top: 1rem; }
        figure { margin: 0; border: 1px solid var(--line); border-radius: 6px; padding: .5rem; }
        svg { width: 100%; height: auto; display: block; }
        @media (max-width: 700px) {
          body { padding: 1rem; }
          h1 { font-size: 1.4rem; }
          .key:not(.k0) { position: static; }
          th.key:not(.k0) { position: sticky; z-index: 2; left: auto; }
          table.text, table.text tbody, table.text tr, table.text td { display: block; }
          table.text thead { display: none; }
          table.text td { border: 0; padding: .1rem 0; }
          table.text td:first-child { border-top: 1px solid var(--line); padding-top: .6rem; }
          table.text td:last-child { padding-bottom: .6rem; }
        }
        @media print {
          :root { --ink: #000; --soft: #444; --paper: #fff; --line: #bbb; color-scheme: light; }
          body { max-width: none; padding: 0; font-size: 10pt; }
          nav, input.filter { display: none; }
          .wide { overflow: visible; max-height: none; }
          table { font-size: 6.5pt; }
          th, td { padding: .1rem .25rem; position: static; white-space: normal; }
          figure, tr { break-inside: avoid; }
          .plots { grid-template-columns: 1fr 1fr; }
        }
        """;

    /// <summary>Sorts by the number in a cell with its unit, else by its text; filters rows by words.</summary>
    private const string Script = """
        const units = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, B: 1, KiB: 1024, MiB: 1048576, GiB: 1073741824, k: 1e3, M: 1e6, G: 1e9, T: 1e12, '%': 1 };
        const value = text => {
          const found = /^([-+]?[0-9.]+) ?(ns|us|ms|s|B|KiB|MiB|GiB|k|M|G|T|%)?/.exec(text);
          return found ? Number(found[1]) * (units[found[2]] || 1) : null;
        };
        for (const table of document.querySelectorAll('table.data')) {
          const place = () => {
            if (matchMedia('(max-width: 700px)').matches) return;
            for (const row of table.rows) {
              let left = 0;
              for (const cell of row.querySelectorAll('.key')) { cell.style.left = left + 'px'; left += cell.offsetWidth; }
            }
          };
          place();
          addEventListener('resize', place);
          const body = table.tBodies[0];
          table.querySelectorAll('th').forEach((head, column) => {
            head.dataset.sort = '';
            head.tabIndex = 0;
            const sort = () => {
              const down = head.getAttribute('aria-sort') === 'ascending';
              table.querySelectorAll('th').forEach(other => other.removeAttribute('aria-sort'));
              head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
              const rows = [...body.rows].map(row => ({ row, text: row.cells[column].textContent, number: value(row.cells[column].textContent) }));
              rows.sort((a, b) => {
                if (a.number === null || b.number === null) {
                  if (a.number !== b.number) return a.number === null ? 1 : -1;
                  return (down ? -1 : 1) * a.text.localeCompare(b.text);
                }
                return (down ? -1 : 1) * (a.number - b.number);
              });
              body.append(...rows.map(item => item.row));
            };
            head.addEventListener('click', sort);
            head.addEventListener('keydown', event => { if (event.key === 'Enter') sort(); });
          });
          const filter = table.closest('section').querySelector('input.filter');
          if (filter) filter.addEventListener('input', () => {
            const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
            for (const row of body.rows) row.hidden = !words.every(word => [...row.cells].some(cell => cell.textContent.toLowerCase().includes(word)));
          });
        }
        """;

    public static string Write(string title, StudyResults results, IEnumerable<Section> sections)
    {
        Section[] all = [.. sections];
        string where = $"{results.Machine.Cpu ?? "unknown CPU"}, machine {results.Machine.Id}, "
            + $"{results.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC";
        var page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append($"<title>{title}: {Text(where)}</title>\n<style>\n{PlotStyle.Css}\n{Style}\n</style>\n</head>\n<body>\n")
            .Append($"<h1>{title}</h1>\n<p class=\"where\">{Text(where)}</p>\n<nav>\n")
            .AppendJoin("", all.Select(section => $"<a href=\"#{Id(section)}\">{Text(section.Title)}</a>\n"))
            .Append("</nav>\n");
        foreach (Section section in all) Append(page, section);
        return page.Append($"<script type=\"text/javascript\">\n//<![CDATA[\n{Script}\n//]]>\n</script>\n</body>\n</html>\n").ToString();
    }

    private static void Append(StringBuilder page, Section section)
    {
        page.Append($"<section id=\"{Id(section)}\">\n<h2>{Text(section.Title)}</h2>\n");
        foreach (string paragraph in section.Text) page.Append($"<p>{Text(paragraph)}</p>\n");
        if (section.Table is { Rows.Count: > 0 } table) Append(page, table, section.Title);
        if (section.Plots.Count > 0) page.Append("<div class=\"plots\">\n").AppendJoin("", section.Plots.Select(plot => $"<figure>{plot.Svg}</figure>\n")).Append("</div>\n");
        page.Append("</section>\n");
    }

    private static void Append(StringBuilder page, Table table, string title)
    {
        if (!table.IsProse && table.Rows.Count >= LeastRowsToFilter)
        {
            page.Append($"<input class=\"filter\" type=\"search\" placeholder=\"filter rows, for example linear 512\" aria-label=\"Filter {Text(title)}\"/>\n");
        }

        page.Append($"<div class=\"wide\"><table class=\"{(table.IsProse ? "text" : "data")}\">\n<thead>\n");
        AppendRow(page, table, "th", table.Heads);
        page.Append("</thead>\n<tbody>\n");
        foreach (IReadOnlyList<string> row in table.Rows) AppendRow(page, table, "td", row);
        page.Append("</tbody>\n</table></div>\n");
    }

    private static void AppendRow(StringBuilder page, Table table, string element, IReadOnlyList<string> cells)
    {
        page.Append("<tr>");
        for (int i = 0; i < cells.Count; i++)
        {
            string classes = (i < table.Names ? "name " : "") + (!table.IsProse && i < table.Keys ? $"key k{i}" : "");
            page.Append(classes.Length == 0 ? $"<{element}>" : $"<{element} class=\"{classes.TrimEnd()}\">").Append(Text(cells[i])).Append($"</{element}>");
        }

        page.Append("</tr>\n");
    }

    private static string Id(Section section) => string.Concat(section.Title
        .Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-'));

    private static string Text(string text) => WebUtility.HtmlEncode(NumberText.Harmless(text));
}
