namespace Observatory.Workload.Tests;

public sealed class VisitOrderTests
{
    private static readonly int[] Listed = [.. Enumerable.Range(0, 32)];

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(int.MaxValue, long.MaxValue)]
    public void Shuffled_visits_each_once(int seed, long pass) =>
        Assert.Equal(Listed, Shuffled(seed, pass).Order());

    [Fact]
    public void The_same_seed_and_pass_give_the_same_order() => Assert.Equal(Shuffled(7, 3), Shuffled(7, 3));

    [Fact]
    public void Passes_and_seeds_give_different_orders()
    {
        IEnumerable<string> orders =
            from seed in Enumerable.Range(0, 20)
            from pass in Enumerable.Range(0, 20)
            select string.Join(' ', Shuffled(seed, pass));

        Assert.Equal(400, orders.Distinct().Count());
    }

    [Fact]
    public void Every_configuration_comes_first_about_as_often_as_any_other()
    {
        int[] first = new int[32];
        for (int pass = 0; pass < 3200; pass++) first[Shuffled(1, pass)[0]]++;

        Assert.All(first, count => Assert.InRange(count, 50, 160));
    }

    [Fact]
    public void Listed_is_always_the_listed_order() =>
        Assert.Equal(Listed, new VisitOrder(SweepOrder.Listed, 32, 1).IndicesOf(5));

    private static int[] Shuffled(int seed, long pass) => new VisitOrder(SweepOrder.Shuffled, 32, seed).IndicesOf(pass);
}
