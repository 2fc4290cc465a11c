using Spectre.Console;
using Spectre.Console.Rendering;

namespace Observatory.Collector;

/// <summary>What the live view shows at one moment.</summary>
/// <param name="Verdict">The answer: why it takes as long as it does.</param>
/// <param name="Progress">How far it has come, and what runs now.</param>
/// <param name="Rows">The configurations.</param>
/// <param name="Causes">The most important causes.</param>
/// <param name="Sources">What each source sees.</param>
/// <param name="Process">Lines on the process as a whole, in place of a table that would be empty.</param>
/// <param name="Log">The newest log lines.</param>
/// <param name="Footer">Where to find more.</param>
internal sealed record LiveModel(
    string Verdict,
    string Progress,
    IReadOnlyList<SummaryRow> Rows,
    IReadOnlyList<CauseLine> Causes,
    IReadOnlyList<SourceStatus> Sources,
    IReadOnlyList<string> Process,
    IReadOnlyList<string> Log,
    string Footer);

/// <summary>
/// Draws the live view for a window of any size from 80 by 24: the answer first, then how far it is, then the rows; nothing
/// is broken over lines, and head and status stay in view.
/// </summary>
internal static class LiveView
{
    private const int MostVerdictLines = 2;
    private const int MostCauses = 3;

    public static Rows Build(LiveModel model, int width, int height)
    {
        List<IRenderable> head = [.. Wrap(model.Verdict, width).Select(line => new Text(line, new Style(Color.Yellow, decoration: Decoration.Bold)))];
        head.Add(Line(model.Progress, width, Color.Default));
        head.Add(Line(Header.Sources(model.Sources), width, Color.Aqua));
        head.AddRange(Header.Troubles(model.Sources).Select(trouble => Line(trouble, width, Color.Yellow)));
        List<IRenderable> foot = [.. model.Log.Append(model.Footer).Select(line => Line(line, width, Color.Grey))];
        // One line stays free: a terminal that is full to the last one scrolls.
        int room = Math.Max(2, height - head.Count - foot.Count - 1);
        if (model.Rows.Count == 0)
            return new Rows([.. head, .. model.Process.Take(room).Select(line => Line(line, width, Color.Default)), .. foot]);

        IRenderable[] causes = room >= 8
            ? [.. model.Causes.Where(cause => cause.Share >= 0.01).Take(MostCauses).Select(cause => Line(cause.Sentence, width, Color.Default))]
            : [];
        return new Rows([.. head, .. RichTable.Build(model.Rows, width, room - causes.Length), .. causes, .. foot]);
    }

    /// <summary>A line that is cut where the window ends.</summary>
    public static string Fit(string line, int width) => line.Length <= width ? line : string.Concat(line.AsSpan(0, Math.Max(1, width - 1)), "…");

    private static Text Line(string line, int width, Color colour) => new(Fit(line, width), new Style(colour));

    /// <summary>The verdict may need a second line; it breaks between words.</summary>
    private static IEnumerable<string> Wrap(string text, int width)
    {
        for (int lines = 1; text.Length > width && lines < MostVerdictLines; lines++)
        {
            int space = text.LastIndexOf(' ', width);
            if (space <= 0) break;
            yield return text[..space];
            text = text[(space + 1)..];
        }

        yield return Fit(text, width);
    }
}
