using System.CommandLine;
using Observatory.Hosting;
using Observatory.Study;
using Observatory.Study.Capacity;
using Observatory.Study.Reporting;
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
        var capacity = new CapacityOptions();
        var command = new Command("report", "Say what a results file says: Markdown on standard output.")
        {
            results, html, csv,
        };
        capacity.AddTo(command);
        command.SetAction(parsed =>
        {
            CapacityTarget? target = capacity.Read(parsed);
            StudyFindings findings = ResultsFile.Find(parsed.GetRequiredValue(results));
            if (parsed.GetValue(html) is { } page) ResultsFile.WriteText(page, Html(findings, target));
            if (parsed.GetValue(csv) is { } table) ResultsFile.WriteText(table, StudyReport.Csv(findings));
            Console.Out.Write(Markdown(findings, target));
            return ExitCodes.Done;
        });
        return command;
    }

    private static string Markdown(StudyFindings findings, CapacityTarget? target) => target is null
        ? StudyReport.Markdown(findings)
        : CapacityReport.Markdown(findings, target);

    private static string Html(StudyFindings findings, CapacityTarget? target) => target is null
        ? StudyReport.Html(findings)
        : CapacityReport.Html(findings, target);
}
