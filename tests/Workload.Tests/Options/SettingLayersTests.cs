using System.Text;
using Microsoft.Extensions.Configuration;
using Observatory.Hosting;

namespace Observatory.Workload.Tests;

public sealed class SettingLayersTests
{
    [Fact]
    public void The_first_layer_that_has_a_setting_decides()
    {
        var layers = new SettingLayers(
            SettingLayer.CommandLine(new Dictionary<string, string?> { ["--iterations"] = "5" }),
            Json("""{ "Workload": { "Iterations": 7, "Warmup": 9 } }"""));

        SweepOptions options = SweepOptionsReader.Read(layers);

        Assert.Equal((5, new WarmupChoice(9, UntilStable: false)), (options.Iterations, options.Warmup));
    }

    [Fact]
    public void A_list_in_JSON_may_be_an_array_or_a_text()
    {
        SweepOptions options = SweepOptionsReader.Read(new SettingLayers(
            Json("""{ "Workload": { "Batches": [4, 2], "Dims": "16, 32" } }""")));

        Assert.Equal([4, 2], options.Batches);
        Assert.Equal([16, 32], options.Dims);
    }

    [Fact]
    public void A_setting_of_several_words_and_a_flag_are_found_in_JSON()
    {
        SweepOptions options = SweepOptionsReader.Read(new SettingLayers(
            Json("""{ "Workload": { "UntilStdinCloses": true, "NoMetrics": "false" } }""")));

        Assert.True(options.UntilStdinCloses);
        Assert.NotNull(options.Endpoint);
    }

    [Theory]
    [InlineData("""{ "Workload": { "Batches": [] } }""")]
    [InlineData("""{ "Workload": { "Batches": "" } }""")]
    [InlineData("""{ "Workload": { "Batches": [8, 0] } }""")]
    public void A_bad_value_in_JSON_is_named_as_it_is_spelled_there(string json)
    {
        var problem = Assert.Throws<UsageException>(() => SweepOptionsReader.Read(new SettingLayers(Json(json))));

        Assert.StartsWith("Workload:Batches in appsettings.json is ", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelt_key_in_JSON_is_refused_with_the_nearest_name()
    {
        var problem = Assert.Throws<UsageException>(() => Json("""{ "Workload": { "Bathces": [8] } }"""));

        Assert.StartsWith(
            "Workload:Bathces in appsettings.json is not a setting; did you mean Workload:Batches?", problem.Message, StringComparison.Ordinal);
    }

    /// <summary>Kubernetes sets some of these in every container beside a service named workload.</summary>
    [Theory]
    [InlineData("WORKLOAD_SERVICE_HOST")]
    [InlineData("WORKLOAD_PORT_9464_TCP")]
    [InlineData("WORKLOAD_CPUS")]
    [InlineData("PATH")]
    public void Variables_that_are_meant_for_others_are_passed_over(string variable) => SettingLayer.Environment([variable]);

    /// <summary>An image sets a port; metrics turned off on the command line stay off.</summary>
    [Fact]
    public void What_excludes_each_other_in_one_place_may_stand_in_two()
    {
        SettingLayer flag = SettingLayer.CommandLine(new Dictionary<string, string?> { ["--no-metrics"] = "true" });
        SettingLayer port = Json("""{ "Workload": { "Port": 9000 } }""");

        Assert.Null(SweepOptionsReader.Read(new SettingLayers(flag, port)).Endpoint);
        Assert.Throws<UsageException>(() => SweepOptionsReader.Read(
            new SettingLayers(Json("""{ "Workload": { "Port": 9000, "NoMetrics": true } }"""))));
    }

    [Fact]
    public void Nothing_written_means_the_study_of_32_configurations()
    {
        SweepOptions options = SweepOptionsReader.Read(new SettingLayers());

        Assert.Equal(32, options.Batches.Count * options.Sequences.Count * options.Dims.Count);
        Assert.Equal((3, new WarmupChoice(1, UntilStable: false)), (options.Iterations, options.Warmup));
        Assert.Equal(SweepOrder.Shuffled, options.Order);
        Assert.Equal("127.0.0.1:9464", options.Endpoint?.ToString());
    }

    private static SettingLayer Json(string text) => SettingLayer.File(
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(text))).Build());
}
