using System.Globalization;
using System.Xml.Linq;

namespace Observatory.Study.Tests;

/// <summary>Results of real runs on a busy machine, of which the words of reports once said too much.</summary>
public sealed class CasesTests
{
    private const int Dimension = 1, Batching = 2, Sequence = 3;

    [Fact]
    public void A_first_batch_that_is_noisy_and_loses_most_is_not_as_good_as_any()
    {
        StudyFindings findings = Read("batching-falls");
        BatchingCurve curve = Assert.Single(Assert.Single(findings.Families).Batching);

        Assert.Equal((BatchingShape.Inconclusive, 16), (curve.Shape, curve.Best.Batch));
        Assert.Equal(0.937, curve.Points[0].Loss, 0.001);
        Claim claim = findings.Claims[Batching];
        Assert.Equal(Verdict.Inconclusive, claim.Verdict);
        Assert.Contains("Most tokens per second at the median: batch 16.", claim.Reason);
        string text = StudyReport.Markdown(findings);
        Assert.DoesNotContain("as good as any", text);
        Assert.Contains("93.7 %", text);
    }

    /// <summary>The same file as 8 visits of which none was disturbed: the noise itself must suffice.</summary>
    [Fact]
    public void Noise_alone_makes_that_curve_inconclusive_too()
    {
        StudyResults results = Results("batching-falls");
        BatchingCurve curve = Assert.Single(StudyFindings.From(results with
        {
            Configurations =
            [
                .. results.Configurations.Select(one => one with
                {
                    Disturbances = null, Visits = [.. Enumerable.Range(0, 7).Select(visit => new Visit(visit, 3))],
                }),
            ],
        }).Families[0].Batching);
        Assert.Equal(BatchingShape.Inconclusive, curve.Shape);
    }

    [Fact]
    public void A_busy_machine_decides_nothing_about_latency_and_that_comes_first()
    {
        StudyFindings findings = Read("busy-machine");
        string text = StudyReport.Markdown(findings);
        string first = text.Split('\n').SkipWhile(line => !line.StartsWith("## Summary", StringComparison.Ordinal)).ElementAt(2);

        Assert.StartsWith("This run was too disturbed for conclusions about latency:", first, StringComparison.Ordinal);
        Assert.Contains("waiting for a CPU", first);
        Assert.Contains("By configuration: 61.1 % to 100.0 %.", first);
        foreach (int claim in (int[])[Dimension, Batching, Sequence])
        {
            Assert.Equal(Verdict.Inconclusive, findings.Claims[claim].Verdict);
            Assert.Contains("sweep again", findings.Claims[claim].Remedy);
        }
    }

    [Fact]
    public void An_interval_of_three_visits_is_no_difference_and_no_absence_of_one()
    {
        StudyComparison comparison = StudyComparison.Between(Read("wide-interval-a"), Read("wide-interval-b"));
        ConfigurationChange change = comparison.Changes.Single(change => change.Before.Key is { Operation: "linear", Batch: 8, Sequence: 512, Dim: 128 });

        Assert.Equal(1.234, change.After.Median!.Value / change.Before.Median!.Value, 0.001);
        Assert.Equal(Change.Inconclusive, change.Change);
        Assert.Equal(comparison.ConfigurationCount, comparison.InconclusiveCount);
        Assert.False(comparison.HasRegression);
        Assert.Equal("0 of 6 configurations are slower; 6 are inconclusive at a margin of 5.0 %.", ComparisonReport.Gate([comparison]));
        Assert.Contains("--passes", ComparisonReport.Markdown(comparison));
    }

    [Fact]
    public void Labels_of_a_narrow_axis_do_not_touch()
    {
        Plot[] plots = [.. StudyReport.PlotsOf(Read("narrow-log-axis"))];
        XElement[] roofline = Ticks(plots.Single(plot => plot.Title == "Roofline"));
        Assert.All(plots.Where(plot => plot.Svg.Contains("class=\"grid\"") && !plot.Title.Contains("histogram")), plot => RequireApart(Ticks(plot)));
        Assert.InRange(roofline.Length, 6, 20);
        XElement working = XElement.Parse(plots.Single(plot => plot.Title == "FLOP/s against working set").Svg);
        XElement cache = Assert.Single(working.Descendants("text"), text => text.Value.StartsWith("L2 ", StringComparison.Ordinal));
        Assert.All(working.Descendants("circle").Where(circle => circle.Element("title") is not null), circle =>
            Assert.True(Number(circle, "cy") - 3.5 > Number(cache, "y"), "a point is at the height of the label"));
    }

    [Theory]
    [InlineData("busy-machine")]
    [InlineData("narrow-log-axis")]
    public void Names_of_a_legend_do_not_touch_and_each_has_the_mark_of_its_series(string name)
    {
        foreach (Plot plot in StudyReport.PlotsOf(Read(name)))
        {
            XElement svg = XElement.Parse(plot.Svg);
            RequireApart([.. svg.Elements("text").Where(text => (string?)text.Attribute("text-anchor") is null && (string?)text.Attribute("class") == "tick" && Number(text, "y") > 340)]);
            foreach (XElement mark in svg.Elements("circle").Where(circle => circle.Element("title") is null))
            {
                Assert.Contains(svg.Elements("circle"), point => point.Element("title") is not null && (string?)point.Attribute("class") == (string?)mark.Attribute("class"));
            }
        }
    }

    private static XElement[] Ticks(Plot plot) =>
        [.. XElement.Parse(plot.Svg).Descendants("text").Where(text => (string?)text.Attribute("class") == "tick" && text.Attribute("text-anchor") is not null)];

    /// <summary>A digit is at most 7 pixels wide, a line 11 high.</summary>
    private static void RequireApart(XElement[] labels)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                Assert.False(
                    Math.Abs(Number(labels[i], "y") - Number(labels[j], "y")) < 10 && Overlap(labels[i], labels[j]),
                    $"'{labels[i].Value}' touches '{labels[j].Value}'");
            }
        }
    }

    private static bool Overlap(XElement one, XElement other)
    {
        (double from, double to) = Extent(one);
        (double first, double last) = Extent(other);
        return from < last && first < to;
    }

    private static (double From, double To) Extent(XElement label)
    {
        double x = Number(label, "x"), width = label.Value.Length * 6.2;
        return (string?)label.Attribute("text-anchor") switch
        {
            "middle" => (x - (width / 2), x + (width / 2)),
            "end" => (x - width, x),
            _ => (x, x + width),
        };
    }

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private static StudyFindings Read(string name) => StudyFindings.From(Results(name));

    private static StudyResults Results(string name) =>
        StudyResultsReader.Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Cases", name + ".json")));
}
