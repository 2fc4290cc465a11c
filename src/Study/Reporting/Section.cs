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
