namespace Observatory.Study;

/// <summary>A part of a report, the same in Markdown and HTML; plots are drawn in HTML only.</summary>
/// <param name="Title">Its heading.</param>
internal sealed record Section(string Title)
{
    /// <summary>Paragraphs before the table.</summary>
    public IReadOnlyList<string> Text { get; init; } = [];

    public Table? Table { get; init; }

    /// <summary>Pictures after the table, as SVG.</summary>
    public IReadOnlyList<Plot> Plots { get; init; } = [];
}

/// <summary>A table of text; the first columns name a row and are aligned to the left.</summary>
/// <param name="Names">How many columns name a row.</param>
/// <param name="Heads">Heads of all columns.</param>
/// <param name="Rows">As many cells each as there are heads.</param>
internal sealed record Table(int Names, IReadOnlyList<string> Heads, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>One column of a table about things of one kind.</summary>
/// <param name="Head">Its head.</param>
/// <param name="Text">The cell of a thing.</param>
internal sealed record TableColumn<T>(string Head, Func<T, string> Text);

/// <summary>Makes tables from columns.</summary>
internal static class TableColumns
{
    /// <param name="columns">From left to right.</param>
    /// <param name="names">How many of them name a row.</param>
    /// <param name="things">One row each.</param>
    public static Table Tabulate<T>(this IReadOnlyList<TableColumn<T>> columns, int names, IEnumerable<T> things) => new(
        names,
        [.. columns.Select(column => column.Head)],
        [.. things.Select(thing => (IReadOnlyList<string>)[.. columns.Select(column => column.Text(thing))])]);
}
