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

/// <summary>What the classes of a picture look like, in light and in dark.</summary>
internal static class PlotStyle
{
    public const string Css = """
        :root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --paper: #fff; --line: #d8dee4;
          --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #b4508f; --c4: #a67c00; --c5: #3aa0d8; --c6: #6f42c1; --c7: #6e7781; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9198a1; --paper: #0d1117; --line: #30363d;
          --c0: #58a6ff; --c1: #ff9b5e; --c2: #3fd0a0; --c3: #e58cc4; --c4: #e3c04a; --c5: #9bdcff; --c6: #b596ff; --c7: #aab4be; } }
        svg text { fill: var(--soft); font: 11px system-ui, sans-serif; }
        svg .title { fill: var(--ink); font-size: 14px; font-weight: 600; }
        .grid { stroke: var(--line); }
        .line { fill: none; stroke: var(--c); stroke-width: 1.6; }
        .mark { fill: var(--c); }
        .ref { --c: var(--soft); stroke-dasharray: 5 4; }
        .c0 { --c: var(--c0); } .c1 { --c: var(--c1); } .c2 { --c: var(--c2); } .c3 { --c: var(--c3); }
        .c4 { --c: var(--c4); } .c5 { --c: var(--c5); } .c6 { --c: var(--c6); } .c7 { --c: var(--c7); }
        """;
}
