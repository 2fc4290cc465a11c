namespace Observatory.Study;

/// <summary>What a run says, as text.</summary>
public static class StudyReport
{
    private const string Title = "What the study says";

    /// <summary>Markdown without pictures.</summary>
    public static string Markdown(StudyFindings findings) => MarkdownText.Of(Title, ReportSections.Of(findings));

    /// <summary>A page that asks nobody for anything: style and pictures are in it.</summary>
    public static string Html(StudyFindings findings) => HtmlText.Of(Title, ReportSections.Of(findings));

    /// <summary>The pictures of the page.</summary>
    public static IEnumerable<Plot> PlotsOf(StudyFindings findings) =>
        ReportSections.Of(findings).SelectMany(section => section.Plots);

    /// <summary>A line for each sample, in base units.</summary>
    public static string SamplesCsv(StudyFindings findings) => SamplesCsvText.Of(findings);

    /// <summary>A line for each configuration, in base units; what was not measured is empty.</summary>
    public static string Csv(StudyFindings findings) => CsvText.Of(findings);
}
