namespace Observatory.Study;

/// <summary>One column of a table about things of one kind.</summary>
/// <param name="Head">Its head.</param>
/// <param name="Text">The cell of a thing.</param>
internal sealed record Column<T>(string Head, Func<T, string> Text);

/// <summary>Makes tables from columns.</summary>
internal static class Columns
{
    /// <param name="columns">From left to right.</param>
    /// <param name="names">How many of them name a row.</param>
    /// <param name="things">One row each.</param>
    public static Table Tabulate<T>(this IReadOnlyList<Column<T>> columns, int names, IEnumerable<T> things) => new(
        names,
        [.. columns.Select(column => column.Head)],
        [.. things.Select(thing => (IReadOnlyList<string>)[.. columns.Select(column => column.Text(thing))])]);
}
