using System.CommandLine;
using System.Globalization;
using Observatory.Hosting;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>The <c>report</c> command: what a results file says.</summary>
internal static class ReportCommand
{
    private static readonly Argument<string> Results =
        new("results") { Description = "A file of sweep --results.", HelpName = "RESULTS" };

    private static readonly Option<string> Accounts = new("--accounts")
    {
        Description = "Accounts of the same run, written by the collector's --accounts: say why slow iterations were slow.",
        HelpName = "FILE",
    };

    private static readonly Option<string> Page =
        new("--html") { Description = "Also write a page with plots.", HelpName = "FILE" };

    private static readonly Option<string> Pictures =
        new("--plots") { Description = "Also write every plot as an SVG file into this folder.", HelpName = "FOLDER" };

    private static readonly Option<string> Table =
        new("--csv") { Description = "Also write a line for each configuration.", HelpName = "FILE" };

    private static readonly Option<string> Samples =
        new("--samples-csv") { Description = "Also write a line for each sample.", HelpName = "FILE" };

    public static Command Create()
    {
        var capacity = new CapacityOptions();
        var command = new Command("report", "Say what a results file says: Markdown on standard output.")
        {
            Results, Accounts, Page, Pictures, Table, Samples,
        };
        capacity.AddTo(command);
        command.SetAction(parsed =>
        {
            CapacityTarget? target = capacity.Read(parsed);
            StudyFindings findings = Find(parsed);
            WriteFiles(parsed, findings, target);
            Console.Out.Write(Markdown(findings, target));
            return ExitCodes.Done;
        });
        return command;
    }

    private static StudyFindings Find(ParseResult parsed)
    {
        StudyFindings findings = ResultsFile.Find(parsed.GetRequiredValue(Results));
        return parsed.GetValue(Accounts) is { } accounts ? AccountsFile.Join(findings, accounts) : findings;
    }

    private static void WriteFiles(ParseResult parsed, StudyFindings findings, CapacityTarget? target)
    {
        if (parsed.GetValue(Page) is { } page) ResultsFile.WriteText(page, Html(findings, target));
        if (parsed.GetValue(Table) is { } table) ResultsFile.WriteText(table, StudyReport.Csv(findings));
        if (parsed.GetValue(Samples) is { } samples) ResultsFile.WriteText(samples, StudyReport.SamplesCsv(findings));
        if (parsed.GetValue(Pictures) is not { } folder) return;
        foreach (Plot plot in StudyReport.PlotsOf(findings))
        {
            ResultsFile.WriteText(Path.Combine(folder, plot.Name + ".svg"), plot.File);
        }
    }

    private static string Markdown(StudyFindings findings, CapacityTarget? target) => target is null
        ? StudyReport.Markdown(findings)
        : CapacityReport.Markdown(findings, target);

    private static string Html(StudyFindings findings, CapacityTarget? target) => target is null
        ? StudyReport.Html(findings)
        : CapacityReport.Html(findings, target);
}

/// <summary>The options of <c>report --capacity</c>.</summary>
internal sealed class CapacityOptions
{
    private readonly Option<bool> _capacity = new("--capacity")
    {
        Description = "Say instead which batches and sequences keep a latency target.",
    };

    private readonly Option<string> _target = new("--slo")
    {
        Description = "Target that p95 must keep: 200ms, 2s.", HelpName = "TIME",
    };

    private readonly Option<string> _price = new("--price-per-hour")
    {
        Description = "Price of this machine, for the cost of a million tokens.", HelpName = "N",
    };

    public void AddTo(Command command)
    {
        command.Add(_capacity);
        command.Add(_target);
        command.Add(_price);
    }

    /// <summary>Null when capacity is not asked for.</summary>
    /// <exception cref="UsageException">The options do not make sense.</exception>
    public CapacityTarget? Read(ParseResult parsed)
    {
        string? target = parsed.GetValue(_target);
        string? price = parsed.GetValue(_price);
        if (!parsed.GetValue(_capacity))
        {
            return target is null && price is null
                ? null
                : throw new UsageException("--slo and --price-per-hour belong to --capacity; add it.");
        }

        if (target is null) throw new UsageException("--capacity needs a target; add --slo, for example --slo 200ms.");
        return new CapacityTarget(Time(target), price is null ? null : Price(price));
    }

    private static TimeSpan Time(string text) => DurationText.Parse(text) is { } time && time > TimeSpan.Zero
        ? time
        : throw new UsageException($"--slo is '{text}'; give a time above zero such as 200ms or 2s.");

    private static double Price(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double price)
            && double.IsFinite(price)
            ? price
            : throw new UsageException($"--price-per-hour is '{text}'; give a number such as 0.5.");
}
