using System.CommandLine;
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
        Description = "Accounts of the same run, written by the collector's --accounts, to show why slow iterations were slow.",
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
        var command = new Command("report", "Evaluate a results file: a report in Markdown on standard output.")
        {
            Results, Accounts, Page, Pictures, Table, Samples,
        };
        capacity.AddTo(command);
        command.SetAction(parsed =>
        {
            CapacityTarget? target = capacity.Read(parsed);
            double? price = capacity.Price(parsed);
            var outputs = new ReportOutputs(parsed);
            StudyFindings findings = Find(parsed);
            outputs.Write(findings, page: () => Html(findings, target, price));
            OutputFile.StandardOutput.Write(Markdown(findings, target, price));
            return ExitCodes.Done;
        });
        return command;
    }

    private static StudyFindings Find(ParseResult parsed)
    {
        StudyFindings findings = ResultsFile.Find(parsed.GetRequiredValue(Results));
        return parsed.GetValue(Accounts) is { } accounts ? AccountsFile.Join(findings, accounts) : findings;
    }

    private static string Markdown(StudyFindings findings, CapacityTarget? target, double? price) => target is null
        ? StudyReport.Markdown(findings, Terminal.Width, price)
        : CapacityReport.Markdown(findings, target, Terminal.Width);

    private static string Html(StudyFindings findings, CapacityTarget? target, double? price) => target is null
        ? StudyReport.Html(findings, price)
        : CapacityReport.Html(findings, target);

    /// <summary>The files that were asked for, checked before anything is read.</summary>
    private sealed class ReportOutputs
    {
        private readonly OutputFile? _page, _table, _samples;
        private readonly string? _folder;
        private readonly (string Name, string Path)[] _inputs;

        /// <exception cref="UsageException">One cannot be written, or is an input or another output too.</exception>
        public ReportOutputs(ParseResult parsed)
        {
            _page = Checked(parsed, Page);
            _table = Checked(parsed, Table);
            _samples = Checked(parsed, Samples);
            _inputs = [("RESULTS", parsed.GetRequiredValue(Results)), .. Optional(parsed, Accounts)];
            RequireDistinct([]);
            if (parsed.GetValue(Pictures) is { } folder) _folder = OutputFile.CreateFolder(Pictures.Name, folder);
        }

        public void Write(StudyFindings findings, Func<string> page)
        {
            (OutputFile File, string Text)[] plots = _folder is null ? [] : [.. StudyReport.PlotsOf(findings).Select(
                plot => (OutputFile.Create(Pictures.Name, Path.Combine(_folder, plot.Name + ".svg")), plot.File))];
            RequireDistinct(plots.Select(plot => plot.File));
            _page?.Write(page());
            _table?.Write(StudyReport.Csv(findings));
            _samples?.Write(StudyReport.SamplesCsv(findings));
            foreach ((OutputFile file, string text) in plots) file.Write(text);
        }

        private void RequireDistinct(IEnumerable<OutputFile> plots) => OutputFile.RequireDistinct(
            [.. new[] { _page, _table, _samples }.OfType<OutputFile>(), .. plots], _inputs);

        private static OutputFile? Checked(ParseResult parsed, Option<string> option) =>
            parsed.GetValue(option) is { } path ? OutputFile.Create(option.Name, path) : null;

        private static IEnumerable<(string Name, string Path)> Optional(ParseResult parsed, Option<string> option) =>
            parsed.GetValue(option) is { } path ? [(option.Name, path)] : [];
    }
}

/// <summary>The options of <c>report --capacity</c>.</summary>
internal sealed class CapacityOptions
{
    private readonly Option<bool> _capacity = new("--capacity")
    {
        Description = "Show instead which batch sizes and sequence lengths meet a latency target.",
    };

    private readonly Option<string> _target = new("--slo")
    {
        Description = "Latency that p95 must not exceed: 200ms, 2s.", HelpName = "TIME",
    };

    private readonly Option<string> _price = new("--price-per-hour")
    {
        Description = "Price of this machine, to show what a million tokens cost: to read (attention) and to generate (decode).", HelpName = "N",
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
        if (!parsed.GetValue(_capacity))
        {
            return target is null ? null : throw new UsageException("--slo belongs to --capacity; add it.");
        }

        if (target is null) throw new UsageException("--capacity needs a target; add --slo, for example --slo 200ms.");
        return new CapacityTarget(Values.Duration.Parse(_target.Name, target), Price(parsed));
    }

    /// <summary>Null when costs are not asked for.</summary>
    /// <exception cref="UsageException">It is no amount.</exception>
    public double? Price(ParseResult parsed) =>
        parsed.GetValue(_price) is { } price ? Values.Amount.Parse(_price.Name, price) : null;
}
