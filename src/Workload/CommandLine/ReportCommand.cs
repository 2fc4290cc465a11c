using System.CommandLine;
using Observatory.Hosting;
using Observatory.Study;
using Observatory.Study.Reporting;
using Observatory.Study.Results;
using Observatory.Workload.Results;

namespace Observatory.Workload.CommandLine;

/// <summary>The <c>report</c> command: what a results file says.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var results = new Argument<string>("results") { Description = "A file of sweep --results.", HelpName = "RESULTS" };
        var html = new Option<string>("--html") { Description = "Also write a page with plots.", HelpName = "FILE" };
        var csv = new Option<string>("--csv") { Description = "Also write a line for each configuration.", HelpName = "FILE" };
        var command = new Command("report", "Say what a results file says: Markdown on standard output.")
        {
            results, html, csv,
        };
        command.SetAction(parsed =>
        {
            StudyFindings findings = Find(parsed.GetRequiredValue(results));
            if (parsed.GetValue(html) is { } page) ResultsFile.WriteText(page, StudyReport.Html(findings));
            if (parsed.GetValue(csv) is { } table) ResultsFile.WriteText(table, StudyReport.Csv(findings));
            Console.Out.Write(StudyReport.Markdown(findings));
            return ExitCodes.Done;
        });
        return command;
    }

    /// <exception cref="UsageException">The file has nothing to report on.</exception>
    private static StudyFindings Find(string path)
    {
        StudyResults results = ResultsFile.Read(path);
        try
        {
            return StudyFindings.Of(results);
        }
        catch (ResultsFormatException problem)
        {
            throw ResultsFile.Refusal(path, problem);
        }
    }
}
