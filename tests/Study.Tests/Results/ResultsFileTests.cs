namespace Observatory.Study.Tests;

/// <summary>What is written is read again; what is not a results file is called so.</summary>
public sealed class ResultsFileTests
{
    private static readonly StudyResults Full = Samples.Results(
        Samples.Linear(8, 512, 128, 1_000, 2_000, 3_000) with
        {
            PeakMemoryBytes = 900_000_000, BaselineMemoryBytes = 800_000_000,
            Disturbances = [0, (int)(Disturbances.Gc | Disturbances.Preempted), (int)Disturbances.Unknown],
            Visits = [new Visit(5_000, 2) { FirstIteration = 7 }, new Visit(90_000, 1)], MostAllocatedBytes = 0,
        },
        Samples.Linear(16, 512, 128)) with
    {
        Limits = new MachineLimits { GemmFlopsPerSecond = 3.5e10, BandwidthBytesPerSecond = 2.1e10 },
        LeftOut = [new("linear", 1 << 20, 512, 128, "float32", 2, "needs 512.0 GiB, 7.8 GiB are available")],
    };

    [Fact]
    public void What_is_written_is_read_again()
    {
        string text = StudyResultsWriter.Write(Full);
        StudyResults read = StudyResultsReader.Read(text);

        Assert.Equal(text, StudyResultsWriter.Write(read));
        Assert.Equal(Full.Machine, read.Machine);
        Assert.Equal(Full.Limits, read.Limits);
        Assert.Equal(Full.LeftOut, read.LeftOut);
        Assert.Equal(Full.Configurations[0].DurationNs, read.Configurations[0].DurationNs);
        Assert.Equal(Full.Configurations[0].Visits, read.Configurations[0].Visits);
        Assert.Equal((0, null), (read.Configurations[0].MostAllocatedBytes, read.Configurations[1].MostAllocatedBytes));
        Assert.Equal(Disturbances.Gc | Disturbances.Preempted, read.Configurations[0].DisturbancesOf(1));
    }

    [Fact]
    public void A_sample_that_was_not_watched_is_unknown_not_undisturbed() =>
        Assert.Equal(Disturbances.Unknown, Samples.Linear(1, 1, 1, 10).DisturbancesOf(0));

    [Fact]
    public void Each_configuration_has_a_line_of_its_own()
    {
        string[] lines = StudyResultsWriter.Write(Full).Split('\n');

        Assert.Single(lines, line => line.StartsWith("""{"operation":"linear","batch":8,""", StringComparison.Ordinal));
        Assert.Contains("\"duration_ns\":[1000,2000,3000]", lines.Single(line => line.Contains("\"batch\":8,")));
    }

    [Fact]
    public void A_field_that_a_later_minor_change_added_is_passed_over() =>
        StudyResultsReader.Read(StudyResultsWriter.Write(Full).Replace("\"machine\": {", "\"machine\": {\"new\":1,"));

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("not json", "it is not a results file: 'not json' is an invalid")]
    [InlineData("[]", "no \"schema\": \"observatory-results\"")]
    [InlineData("""{"schema":"other","version":1}""", "no \"schema\": \"observatory-results\"")]
    [InlineData("""{"schema":"observatory-results","version":2}""", "its version is 2, and only version 1 is known here")]
    [InlineData("""{"schema":"observatory-results"}""", "its version is missing")]
    [InlineData("""{"schema":"observatory-results","version":1}""", "missing required properties")]
    public void What_is_no_results_file_is_refused(string text, string expected) =>
        Assert.Contains(expected, Refusal(text));

    [Theory]
    [InlineData("\"configurations\": [", "\"configurations\": [null,", "a configuration in it is null")]
    [InlineData("\"batch\":16", "\"batch\":8", "linear [8, 512, 128] stands in it twice")]
    [InlineData("\"batch\":16", "\"batch\":0", "has a size below 1")]
    [InlineData("[1000,", "[-1000,", "has a duration below 1 ns")]
    [InlineData("[1000,", "[", "has 2 samples, but 3 disturbances")]
    [InlineData("[0,3,8]", "[0,3,16]", "has a disturbance that is not known")]
    [InlineData("\"samples\":2", "\"samples\":1", "has 3 samples, but 2 in its visits")]
    [InlineData("\"samples\":2", "\"samples\":-2", "has a visit without a sample")]
    [InlineData("\"first_iteration\":7", "\"first_iteration\":0", "has a visit with an iteration below 1")]
    [InlineData("\"most_allocated_bytes\":0", "\"most_allocated_bytes\":-1", "has an allocation below zero")]
    [InlineData("\"peak_memory_bytes\":900000000", "\"peak_memory_bytes\":0", "not above zero")]
    [InlineData("35000000000", "1e999", "a limit in it is not above zero")]
    [InlineData("\"passes\":2", "\"passes\":-1", "its run has -1 complete passes")]
    [InlineData("\"iterations\":2", "\"iterations\":0", "its run has 0 iterations of a visit")]
    [InlineData("\"warmup\":1", "\"warmup\":-1", "its run has a warm-up of -1 iterations")]
    [InlineData("\"l2_bytes\":1048576", "\"l2_bytes\":-5", "its machine has a count or a size that is not above zero")]
    [InlineData("\"cores\":2", "\"cores\":0", "its machine has a count or a size that is not above zero")]
    [InlineData("\"batch\":16", "\"batch\":16,\"batch\":32", "batch")]
    [InlineData("\"version\": 1", "\"version\": 2, \"version\": 1", "version")]
    [InlineData("\"torch\":\"2.10.0\"", "\"torch\":null", "torch")]
    [InlineData("\"cores\":2", "\"cores\":\"two\"", "cores")]
    public void What_contradicts_itself_is_refused(string written, string instead, string expected)
    {
        string text = StudyResultsWriter.Write(Full);
        Assert.Contains(written, text);

        Assert.Contains(expected, Refusal(text.Replace(written, instead)));
    }

    private static string Refusal(string text)
    {
        string message = Assert.Throws<ResultsFormatException>(() => StudyResultsReader.Read(text)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
