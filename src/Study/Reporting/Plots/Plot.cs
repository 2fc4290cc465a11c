namespace Observatory.Study;

/// <summary>A picture.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Svg">The element, without style: its colours are classes.</param>
public sealed record Plot(string Title, string Svg)
{
    /// <summary>The title as the name of a file: <c>linear-latency-against-dim</c>.</summary>
    public string Name => string.Join('-', string.Concat(Title.Select(Letter)).Split('-', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>A file of its own, which follows the reader's choice of light or dark.</summary>
    public string File => Svg
        .Insert(Svg.IndexOf('>') + 1, $"\n<style>\n{PlotStyle.Css}\nsvg {{ background: var(--paper); }}\n</style>\n")
        .Insert("<svg".Length, " xmlns=\"http://www.w3.org/2000/svg\"") + "\n";

    private static char Letter(char letter) => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-';
}
