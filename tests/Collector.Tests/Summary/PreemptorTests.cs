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
        Assert.Equal(expected, ThreadNames.FamilyOf(thread));
}
