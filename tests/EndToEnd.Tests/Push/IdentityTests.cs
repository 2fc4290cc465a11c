namespace Observatory.EndToEnd.Tests;

/// <summary>Which process of which machine a series is of.</summary>
public sealed class IdentityTests
{
    [Fact]
    public async Task Target_info_says_which_process_it_is_and_series_are_not_burdened()
    {
        Exposition scraped = await ScrapeAsync(attributes: null);
        Sample info = Assert.Single(scraped.Of("target_info"));
        Assert.Equal("observatory-workload", info["service_name"]);
        Assert.True(Guid.TryParse(info["service_instance_id"], out _), info["service_instance_id"]);
        Assert.Equal(System.Environment.MachineName, info["host_name"]);
        Assert.Matches(@"^\d+\.\d+\.\d+$", info["service_version"]);
        Assert.All(Ours(scraped), sample => Assert.Equal("", sample["host_name"]));
    }

    [Fact]
    public async Task A_machine_that_has_a_name_is_named_on_every_series()
    {
        Exposition scraped = await ScrapeAsync("service.instance.id=w-1, host.name=node-7");
        Sample info = Assert.Single(scraped.Of("target_info"));
        Assert.Equal(("node-7", "w-1"), (info["host_name"], info["service_instance_id"]));
        Assert.All(Ours(scraped), sample => Assert.Equal("node-7", sample["host_name"]));
        Assert.All(Ours(scraped), sample => Assert.Equal("", sample["service_instance_id"]));
    }

    private static Sample[] Ours(Exposition scraped)
    {
        Sample[] series = [.. scraped.Names.Where(name => name.StartsWith("workload_", StringComparison.Ordinal)).SelectMany(name => scraped.Of(name))];
        Assert.NotEmpty(series);
        return series;
    }

    private static async Task<Exposition> ScrapeAsync(string? attributes)
    {
        int port = FreePort.Next();
        await using RunningProcess workload = RunningProcess.Start(
            Built.Workload,
            ["sweep", "--port", $"{port}", "--duration", "20m", "--batches", "8", "--sequences", "64", "--dims", "64"],
            new Dictionary<string, string?> { ["OTEL_RESOURCE_ATTRIBUTES"] = attributes });
        return await Eventually.GetAsync(
            "iterations in the workload's metrics",
            () => Exposition.ReadAsync(new Uri($"http://127.0.0.1:{port}/metrics")),
            scraped => scraped.Of("workload_iterations_total").Count > 0);
    }
}
