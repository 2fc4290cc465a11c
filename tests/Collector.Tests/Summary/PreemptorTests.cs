namespace Observatory.Collector.Tests;

public sealed class PreemptorTests
{
    [Theory]
    [InlineData("kworker/1:2-events", "kworker")]
    [InlineData("ksoftirqd/0", "ksoftirqd")]
    [InlineData("worker-17", "worker")]
    [InlineData("stress-ng-cpu", "stress-ng-cpu")]
    [InlineData(".NET TP Worker", ".NET TP Worker")]
    [InlineData("1234", "1234")]
    public void Names_that_differ_by_a_number_are_one(string thread, string expected) =>
        Assert.Equal(expected, Names.Command(thread));

    [Fact]
    public void Who_took_most_comes_first()
    {
        var totals = new BoundedTotals<string>("other");
        totals.Add("sh", 10);
        totals.Add("stress", 100);
        totals.Add("sh", 5);
        Assert.Equal([("stress", 100L), ("sh", 15L)], Read(totals));
    }

    [Fact]
    public void Who_takes_next_to_nothing_is_other()
    {
        var totals = new BoundedTotals<string>("other");
        totals.Add("stress", 1_000_000);
        for (int i = 0; i < 50; i++) totals.Add($"short lived {(char)('a' + (i % 26))}{i}", 10);
        Assert.Equal([("stress", 1_000_000L), ("other", 500L)], Read(totals));
    }

    [Fact]
    public void There_are_never_more_names_than_allowed_and_no_time_is_lost()
    {
        var totals = new BoundedTotals<string>("other", mostNamed: 3);
        for (int i = 0; i < 10; i++) totals.Add($"{(char)('a' + i)}", 1_000);
        Assert.Equal(4, totals.Totals().Count);
        Assert.Equal(10_000, totals.Totals().Sum(pair => pair.Value));
    }

    [Fact]
    public void Those_that_came_first_and_took_next_to_nothing_leave_a_name_for_who_takes_much_later()
    {
        var totals = new BoundedTotals<string>("other", mostNamed: 2, least: 1_000);
        foreach (string early in (string[])["init", "cron", "sshd"]) totals.Add(early, 10);
        totals.Add("stress", 5_000);
        Assert.Equal([("stress", 5_000L), ("other", 30L)], Read(totals));
    }

    [Fact]
    public void No_total_ever_falls()
    {
        var totals = new BoundedTotals<string>("other", mostNamed: 5);
        var random = new Random(1);
        Dictionary<string, long> last = [];
        for (int i = 0; i < 10_000; i++)
        {
            totals.Add($"{(char)('a' + random.Next(12))}", random.Next(1, 1_000));
            foreach ((string command, long taken) in totals.Totals())
            {
                Assert.True(taken >= last.GetValueOrDefault(command));
                last[command] = taken;
            }
        }
    }

    private static IEnumerable<(string, long)> Read(BoundedTotals<string> totals) =>
        totals.Totals().Select(pair => (pair.Key, pair.Value));
}
