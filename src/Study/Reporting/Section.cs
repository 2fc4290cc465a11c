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
/// <param name="Names">How many columns are aligned to the left.</param>
/// <param name="Heads">Heads of all columns.</param>
/// <param name="Rows">As many cells each as there are heads.</param>
internal sealed record Table(int Names, IReadOnlyList<string> Heads, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    private static readonly string[] KeyHeads = ["operation", "dtype", "threads", "batch", "sequence", "dim"];

    /// <summary>Its cells are sentences.</summary>
    public bool IsProse => Names == Heads.Count;

    /// <summary>How many of the first columns say which row it is; they stay in view.</summary>
    public int Keys => Math.Max(Names, Heads.TakeWhile(KeyHeads.Contains).Count());
}

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

/// <summary>The columns that name a configuration: element type and threads only where a run has several.</summary>
/// <param name="HasDtypes">Configurations differ in element type.</param>
/// <param name="HasThreads">Configurations differ in threads.</param>
internal sealed record KeyColumns(bool HasDtypes, bool HasThreads)
{
    public static KeyColumns For(IEnumerable<ConfigurationKey> keys)
    {
        ConfigurationKey[] all = [.. keys];
        return new KeyColumns(
            all.Select(key => key.Dtype).Distinct().Count() > 1, all.Select(key => key.Threads).Distinct().Count() > 1);
    }

    /// <summary>How many of the columns name the family: the operation, and what else tells families apart.</summary>
    public int Names => 1 + (HasDtypes ? 1 : 0) + (HasThreads ? 1 : 0);

    public IReadOnlyList<TableColumn<T>> Family<T>(Func<T, ConfigurationKey> key) =>
    [
        new("operation", row => key(row).Operation),
        .. HasDtypes ? [new TableColumn<T>("dtype", row => key(row).Dtype)] : (TableColumn<T>[])[],
        .. HasThreads ? [new TableColumn<T>("threads", row => NumberText.Whole(key(row).Threads))] : (TableColumn<T>[])[],
    ];

    public IReadOnlyList<TableColumn<T>> All<T>(Func<T, ConfigurationKey> key) =>
    [
        .. Family(key),
        new("batch", row => NumberText.Whole(key(row).Batch)),
        new("sequence", row => NumberText.Whole(key(row).Sequence)),
        new("dim", row => NumberText.Whole(key(row).Dim)),
    ];
}
