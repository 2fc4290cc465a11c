using System.Text.Json.Nodes;
using Observatory.Hosting;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

/// <summary>What a line of --accounts says of what was not measured.</summary>
public sealed class AccountLogTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(Tiers.None, new[] { "running", "preempted", "waking", "blocked" })]
    [InlineData(Tiers.Thread, new[] { "waking" })]
    [InlineData(Tiers.Kernel, new string[0])]
    public void A_state_that_the_tier_does_not_tell_is_null_and_not_zero(string tier, string[] unmeasured)
    {
        var runtime = new SourceStatus("runtime");
        runtime.Started(Tiers.EventPipe, "");
        var times = default(StateTimes);
        times[AccountState.Unknown] = new(1_000);
        var account = new UnitAccount(7, 1, 0, new(0), new(1_000), times, IncompleteReasons.NoSegments);
        using (var file = new BackgroundOutput("accounts", OutputFile.Create("--accounts", _path), 1_000_000, WhenFull.Drop, _ => { }))
        using (var log = new AccountLog(file, Samples.Kernel(tier), runtime, faultCost: null, new CauseSink(new ThreadNames(), faultSeconds: null)))
        {
            file.Start();
            log.IterationClosed(Samples.Configuration(0), account);
            log.RequestClosed(new RequestName(1, "GET /"), account with { Kind = UnitKind.Request });
        }

        JsonNode[] lines = [.. File.ReadLines(_path).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Equal(unmeasured, line["ns"]!.AsObject().Where(state => state.Value is null).Select(state => state.Key)));
        Assert.All(lines, line => Assert.Equal(1_000, line["ns"]!["unknown"]!.GetValue<long>()));
        Assert.Equal(unmeasured.Contains("running"), lines[1]["cpu_ns"] is null);
    }
}
