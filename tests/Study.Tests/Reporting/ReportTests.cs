using System.Xml;
using System.Xml.Linq;

namespace Observatory.Study.Tests;

/// <summary>Reports as a reader gets them.</summary>
public sealed class ReportTests
{
    private static readonly StudyResults Full = new SyntheticStudy
    {
        Visits = [.. Enumerable.Repeat(15, 8)], Memory = (batch, sequence, dim) => 8 * batch * sequence * dim,
    }.Results() with
    {
        Limits = new MachineLimits { GemmFlopsPerSecond = 5e11, BandwidthBytesPerSecond = 2e10 },
        LeftOut = [new("linear", 1, 1, 1 << 20, "float32", 2, "needs 4 TiB | <8 GiB> are available")],
    };

    [Fact]
    public void Everything_that_was_measured_is_in_the_Markdown()
    {
        string text = StudyReport.Markdown(StudyFindings.From(Full));

        foreach (string heading in (string[])["Claims", "Machine and run", "Configurations", "Roofline and caches", "Left out", "Scaling", "Batching", "Distributions"])
        {
            Assert.Contains($"\n## {heading}\n", text);
        }

        string[] row = text.Split('\n').Select(Cells).First(cells => cells is ["linear", "8", "512", "128", "120", ..]);
        Assert.DoesNotContain("n/a", row);
        Assert.Contains("needs 4 TiB \\| &lt;8 GiB>", text);
    }

    [Fact]
    public void What_was_not_measured_is_never_a_number()
    {
        StudyResults poor = Samples.Results(Samples.Linear(8, 512, 128, 1_000_000) with { Flops = null, ArithmeticIntensity = null, PredictedMemoryBytes = null });
        string[] cells = StudyReport.Markdown(StudyFindings.From(poor)).Split('\n').Select(Cells).First(cells => cells is ["linear", "8", ..]);

        Assert.Equal(["linear", "8", "512", "128", "1", "1.00 ms", "n/a", "n/a", "n/a", "n/a", "n/a", "4.10 M", "n/a", "n/a", "n/a"], cells);
    }

    [Fact]
    public void The_page_is_well_formed_has_its_plots_and_loads_nothing_from_elsewhere()
    {
        string html = StudyReport.Html(StudyFindings.From(Full));

        string[] titles = [.. Parse(html).Descendants("svg").Select(svg => svg.Element("text")!.Value)];
        Assert.Contains("Roofline", titles);
        Assert.Contains("linear: latency against dim", titles);
        Assert.Contains("linear: tokens/s against batch, sequence 512", titles);
        Assert.Contains(titles, title => title.StartsWith("Memory", StringComparison.Ordinal));
        Assert.DoesNotContain("NaN", html);
        Assert.DoesNotContain("Infinity", html);
        foreach (string request in (string[])["http", "src=", "href=", "url(", "@import", "<link"]) Assert.DoesNotContain(request, html.Replace("href=\"#", ""));
        Assert.Single(Parse(html).Descendants("script"));
    }

    [Fact]
    public void A_plot_is_a_file_of_its_own_too()
    {
        Plot[] plots = [.. StudyReport.PlotsOf(StudyFindings.From(Full))];

        Assert.Equal(plots.Length, plots.Select(plot => plot.Name).Distinct().Count());
        Assert.Contains("linear-tokens-s-against-batch-sequence-512", plots.Select(plot => plot.Name));
        Assert.All(plots, plot => Assert.Equal(XName.Get("svg", "http://www.w3.org/2000/svg"), XDocument.Parse(plot.File).Root!.Name));
    }

    [Fact]
    public void Every_sample_can_be_had_for_other_tools()
    {
        StudyResults results = Samples.Results(Samples.Linear(8, 512, 128, 1_000_000, 2_000_000, 3_000_000) with
        {
            Visits = [new Visit(0, 2) { FirstIteration = 5 }, new Visit(9, 1)],
            Disturbances = [0, (int)Disturbances.Gc, (int)Disturbances.Unknown],
        }) with { Run = Samples.Run with { Watched = Disturbances.Gc } };

        Assert.Equal(
            [
                "operation,batch,sequence,dim,dtype,threads,visit,iteration,duration_seconds,garbage_collected,preempted,throttled",
                "linear,8,512,128,float32,2,1,5,0.001,0,,", "linear,8,512,128,float32,2,1,6,0.002,1,,", "linear,8,512,128,float32,2,2,,0.003,,,", "",
            ],
            StudyReport.SamplesCsv(StudyFindings.From(results)).Split('\n'));
    }

    [Fact]
    public void Text_of_a_results_file_does_not_become_markup()
    {
        StudyResults hostile = Full with { Machine = Samples.Machine with { Cpu = "<script>alert(1)</script>" } };

        Assert.DoesNotContain("<script>alert", StudyReport.Html(StudyFindings.From(hostile)));
        Assert.DoesNotContain("<script>", StudyReport.Markdown(StudyFindings.From(hostile)));
    }

    [Fact]
    public void Escape_sequences_of_a_results_file_do_not_reach_the_terminal()
    {
        StudyResults hostile = Full with
        {
            Machine = Samples.Machine with { Cpu = "\u001b]0;owned\u0007 \u202e" },
            LeftOut = [new("linear\u001b[2J", 1, 1, 1, "float32", 2, "\u009b31m red")],
        };
        string text = StudyReport.Markdown(StudyFindings.From(hostile)) + StudyReport.Html(StudyFindings.From(hostile));
        Assert.DoesNotContain(text, letter => (char.IsControl(letter) && letter != '\n') || letter == '\u202e');
        string refusal = Assert.Throws<ResultsFormatException>(() => StudyResultsReader.Read("""{"schema":"observatory-results","version":"\u001b[2J"}""")).Message;
        Assert.DoesNotContain(refusal, char.IsControl);
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("@SUM(A1)")]
    [InlineData("-1")]
    public void A_cell_is_never_a_formula(string operation)
    {
        StudyResults results = Samples.Results(Samples.Linear(8, 512, 128, 1_000_000) with { Operation = operation });
        Assert.StartsWith($"'{operation},8,", StudyReport.Csv(StudyFindings.From(results)).Split('\n')[1], StringComparison.Ordinal);
        Assert.StartsWith($"'{operation},8,", StudyReport.SamplesCsv(StudyFindings.From(results)).Split('\n')[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void A_report_fits_the_terminal_and_says_everything(int width)
    {
        StudyFindings findings = StudyFindings.From(Full);
        string[] lines = StudyReport.Markdown(findings, width).Split('\n');
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        string[] heads = [.. lines.Where(line => line.StartsWith("| operation", StringComparison.Ordinal)).SelectMany(Cells)];
        foreach (string head in (string[])["median", "p99", "predicted", "fits into", "largest loss", "disturbed"]) Assert.Contains(head, heads);
        Assert.Contains(lines, line => line.StartsWith("- **Memory grows linearly", StringComparison.Ordinal));
    }

    [Fact]
    public void Threads_and_dtypes_are_columns_where_a_run_has_several()
    {
        StudyResults one = new SyntheticStudy { Visits = [.. Enumerable.Repeat(5, 8)] }.Results();
        StudyResults faster = new SyntheticStudy { Visits = [.. Enumerable.Repeat(5, 8)], Latency = (b, s, d) => 0.6e-9 * b * s * d }.Results();
        StudyResults both = one with
        {
            Configurations =
            [
                .. one.Configurations.Select(item => item with { Threads = 1 }),
                .. faster.Configurations,
            ],
        };
        StudyFindings findings = StudyFindings.From(both);
        string text = StudyReport.Markdown(findings);
        Assert.Contains("\n## Threads\n", text);
        string[] row = text[text.IndexOf("## Threads", StringComparison.Ordinal)..].Split('\n').Select(Cells).First(cells => cells is ["linear", "2", ..]);
        Assert.Equal("faster", row[^1]);
        Assert.Contains("linear, 1 thread: latency against dim", StudyReport.PlotsOf(findings).Select(plot => plot.Title));
        Assert.Contains("linear, float32: latency against threads", StudyReport.PlotsOf(findings).Select(plot => plot.Title));
        Assert.DoesNotContain("\n## Threads\n", StudyReport.Markdown(StudyFindings.From(one)));
        Assert.Contains("batch 64, 2 threads", text);
        StudyFindings small = StudyFindings.From(both with { Machine = Samples.Machine with { Cores = 1 } });
        Assert.Contains("2 threads are more than the 1.00 CPUs", StudyReport.Markdown(small));
    }

    [Fact]
    public void One_sample_of_one_configuration_is_a_report_too()
    {
        StudyFindings findings = StudyFindings.From(Samples.Results(Samples.Linear(8, 512, 128, 1_000_000)));

        Assert.Equal(4, findings.Claims.Count(claim => claim.Verdict == Verdict.Inconclusive));
        Parse(StudyReport.Html(findings));
    }

    [Fact]
    public void Samples_that_are_all_equal_are_a_report_too() => Parse(StudyReport.Html(StudyFindings.From(Samples.Results(
        Samples.Linear(8, 512, 128, [.. Enumerable.Repeat(1_000_000L, 200)]),
        Samples.Linear(16, 512, 128, [.. Enumerable.Repeat(1_000_000L, 200)])))));

    [Fact]
    public void What_the_run_did_not_come_to_is_named() => Assert.Contains(
        "before there was a sample of: linear [16, 512, 128].",
        StudyReport.Markdown(StudyFindings.From(Samples.Results(Samples.Linear(8, 512, 128, 1_000_000), Samples.Linear(16, 512, 128)))));

    [Fact]
    public void A_file_without_samples_is_refused() =>
        Assert.Throws<ResultsFormatException>(() => StudyFindings.From(Samples.Results(Samples.Linear(8, 512, 128))));

    [Fact]
    public void The_table_for_programs_has_a_line_each_in_base_units()
    {
        string[] lines = StudyReport.Csv(StudyFindings.From(Full)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(1 + Full.Configurations.Count, lines.Length);
        Assert.StartsWith("operation,batch,sequence,dim,dtype,threads,samples,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("linear,8,512,128,float32,2,120,", lines[1], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Equal(lines[0].Count(c => c == ','), line.Count(c => c == ',')));
    }

    [Fact]
    public void A_comparison_says_what_it_corrected_for_and_what_differs()
    {
        StudyFindings before = StudyFindings.From(Full);
        StudyFindings after = StudyFindings.From(Full with { Machine = Samples.Machine with { Kernel = "6.18" } });
        string text = ComparisonReport.Markdown(StudyComparison.Between(before, after));

        Assert.Contains("24 no difference.", text);
        Assert.Contains("Holm's correction for 24 comparisons", text);
        Assert.Contains("kernel none and 6.18", text);
    }

    [Fact]
    public void A_capacity_report_names_the_largest_batch_and_sequence_and_the_cost()
    {
        StudyResults results = new SyntheticStudy { Visits = [.. Enumerable.Repeat(10, 20)] }.Results();
        string text = CapacityReport.Markdown(StudyFindings.From(results), new CapacityTarget(TimeSpan.FromMilliseconds(10), 0.5));

        Assert.Contains("linear, float32, threads 2, dim 128: the largest batch is 64 (at 1024 tokens), the longest sequence 1024", text);
        Assert.Contains("at 0.5 an hour", text);
        Parse(CapacityReport.Html(StudyFindings.From(Full), new CapacityTarget(TimeSpan.FromMilliseconds(10), null)));
    }

    private static string[] Cells(string line) => line.Trim('|').Split('|', StringSplitOptions.TrimEntries);

    /// <summary>The page as XML: void elements are the only thing HTML writes otherwise.</summary>
    private static XDocument Parse(string html)
    {
        string xml = System.Text.RegularExpressions.Regex.Replace(html, "<meta ([^>]*)>", "<meta $1/>").Replace("<!DOCTYPE html>", "");
        using var reader = XmlReader.Create(new StringReader(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        return XDocument.Load(reader);
    }
}
