namespace Observatory.Collector.Tests;

public sealed class HeavyHittersTests
{
    private const long Millisecond = 1_000_000;
    private const string Other = "other";

    [Fact]
    public void After_more_short_processes_than_there_are_names_a_hog_still_gets_one()
    {
        var hitters = new HeavyHitters<string>(Other, least: 10 * Millisecond);
        for (int process = 0; process < 23; process++) hitters.Add($"short {process}", 15 * Millisecond);

        for (int slice = 0; slice < 2250; slice++) hitters.Add("hog", 4 * Millisecond);

        IReadOnlyList<KeyValuePair<string, long>> totals = hitters.Totals();
        Assert.Equal("hog", totals[0].Key);
        Assert.InRange(totals[0].Value, 9000 * Millisecond * 0.99, 9000 * Millisecond);
        Assert.InRange(totals.Single(one => one.Key == Other).Value, 0, 100 * Millisecond);
    }

    [Fact]
    public void A_name_that_was_given_back_goes_on_from_its_total()
    {
        var hitters = new HeavyHitters<string>(Other, least: 1, mostNamed: 1);
        Assert.Equal("first", hitters.Add("first", 100));
        Assert.Equal("second", hitters.Add("second", 1000));
        Assert.Equal(Other, hitters.Add("first", 10));
        Assert.Equal("first", hitters.Add("first", 5000));

        Assert.Equal([("first", 5100L), ("second", 1000L), (Other, 10L)], Read(hitters));
    }

    [Fact]
    public void A_hog_of_yesterday_does_not_keep_its_place_from_the_one_of_today()
    {
        var hitters = new HeavyHitters<string>(Other, least: 1, mostNamed: 1);
        for (int i = 0; i < 100_000; i++) hitters.Add("yesterday", 10);
        int until = 0;
        while (hitters.Add("today", 10) == Other) until++;

        // A window is 1000: what is two windows old is forgotten.
        Assert.InRange(until * 10, 0, 2000);
    }

    [Fact]
    public void Dust_from_any_number_of_names_costs_no_name_and_no_memory_and_hides_no_hog()
    {
        var hitters = new HeavyHitters<string>(Other, least: 100);
        long hog = 0;
        for (int i = 0; i < 200_000; i++)
        {
            hitters.Add($"dust {i}", 3);
            if (i % 10 != 0) continue;
            hitters.Add("hog", 10);
            hog += 10;
        }

        Assert.Equal(["hog", Other], hitters.Totals().Select(one => one.Key));
        Assert.InRange(hitters.Totals()[0].Value, hog * 0.99, hog);
        Assert.InRange(hitters.Tracked, 1, 2_001);
    }

    [Fact]
    public void There_are_never_more_names_than_allowed_at_a_time_or_ever()
    {
        var hitters = new HeavyHitters<string>(Other, least: 1, mostNamed: 3, mostEver: 10);
        for (int name = 0; name < 100; name++) hitters.Add($"name {name}", 2L << Math.Min(name, 50));

        Assert.Equal(11, hitters.Totals().Count);
    }

    [Fact]
    public void Totals_add_up_and_none_ever_falls()
    {
        var hitters = new HeavyHitters<string>(Other, least: 10, mostNamed: 5, mostEver: 50);
        var random = new Random(1);
        Dictionary<string, long> last = [];
        long sum = 0;
        for (int i = 0; i < 20_000; i++)
        {
            int weight = random.Next(1, 1_000);
            string name = $"{random.Next(1 + (i / 100))}";
            string label = hitters.Add(name, weight);
            Assert.True(label == name || label == Other);
            sum += weight;
            if (i % 50 != 0) continue;
            foreach ((string key, long total) in hitters.Totals())
            {
                Assert.True(total >= last.GetValueOrDefault(key));
                last[key] = total;
            }

            Assert.Equal(sum, hitters.Totals().Sum(one => one.Value));
        }
    }

    [Fact]
    public void What_is_hardly_worth_noticing_has_no_name()
    {
        var hitters = new HeavyHitters<string>(Other, least: 1_000);
        foreach (string early in (string[])["init", "cron", "sshd"]) hitters.Add(early, 10);
        hitters.Add("stress", 5_000);

        Assert.Equal([("stress", 5_000L), (Other, 30L)], Read(hitters));
    }

    private static IEnumerable<(string, long)> Read(HeavyHitters<string> hitters) =>
        hitters.Totals().Select(one => (one.Key, one.Value));
}
