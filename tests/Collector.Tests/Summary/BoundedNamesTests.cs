namespace Observatory.Collector.Tests;

public sealed class BoundedNamesTests
{
    [Fact]
    public void Who_matters_keeps_a_name_and_the_rest_share_one()
    {
        var names = new BoundedNames(least: 1);
        Assert.Equal("big", names.LabelOf("big", 1_000));
        Assert.Equal(BoundedNames.Other, names.LabelOf("small", 1));
        Assert.Equal("big", names.LabelOf("big", 1));
    }

    [Fact]
    public void The_first_ones_are_not_important_only_because_they_are_first()
    {
        var names = new BoundedNames(least: 100);
        Assert.Equal(BoundedNames.Other, names.LabelOf("first", 10));
        Assert.Equal("second", names.LabelOf("second", 1_000));
    }

    [Fact]
    public void There_are_never_more_names_than_allowed_and_a_name_is_for_good()
    {
        var names = new BoundedNames(least: 1, most: 3);
        var random = new Random(1);
        HashSet<string> given = [];
        for (int i = 0; i < 100_000; i++)
        {
            string name = $"name {random.Next(10_000)}";
            string label = names.LabelOf(name, random.Next(1, 1_000_000));
            Assert.True(label == name || !given.Contains(name));
            given.Add(label);
        }

        Assert.InRange(given.Count, 2, 4);
    }

    [Fact]
    public void A_name_without_end_is_cut()
    {
        var names = new BoundedNames(least: 1);
        Assert.Equal(200, names.LabelOf(new string('x', 10_000), 1).Length);
    }
}
