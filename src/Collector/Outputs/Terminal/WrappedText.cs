namespace Observatory.Collector;

/// <summary>Breaks lines between words where a window is narrower; what follows is indented by two more than the line.</summary>
internal static class WrappedText
{
    private const int Hang = 2;

    /// <param name="line">One line.</param>
    /// <param name="width">Characters that there is room for; null or less than one: any number.</param>
    /// <returns>As many lines as it takes. A word that is wider than the window stays whole.</returns>
    public static IEnumerable<string> Wrap(string line, int? width)
    {
        if (width is not { } most || most < 1 || line.Length <= most)
        {
            yield return line;
            yield break;
        }

        string indent = new(' ', Math.Min(line.Length - line.TrimStart().Length + Hang, most / 2));
        string rest = line;
        while (rest.Length > most)
        {
            // Not in the indent: what is before the first word is no place to break.
            int first = rest.Length - rest.TrimStart().Length;
            int space = rest.LastIndexOf(' ', most);
            if (space <= first) space = rest.IndexOf(' ', first);
            if (space < 0) break;
            yield return rest[..space].TrimEnd();
            rest = indent + rest[(space + 1)..].TrimStart();
        }

        yield return rest;
    }
}
