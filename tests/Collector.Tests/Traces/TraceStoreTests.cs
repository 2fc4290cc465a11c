using Observatory.Hosting;

namespace Observatory.Collector.Tests;

public sealed class TraceStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("observatory-traces-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_oldest_go_when_there_are_too_many_or_too_large_and_nothing_else_is_touched()
    {
        string foreign = Path.Combine(_folder, "notes.json");
        File.WriteAllText(foreign, "{}");
        TraceStore store = Store(new TraceRetention { Count = 3, Bytes = 350 });
        for (int i = 0; i < 5; i++) Keep(store, i, bytes: 100);
        Assert.Equal([Id(4), Id(3), Id(2)], store.List().Select(trace => trace.Id));
        Keep(store, 5, bytes: 300);
        Assert.Equal([Id(5)], store.List().Select(trace => trace.Id));
        Assert.Equal([Id(5) + ".json", Id(5) + ".pftrace", "notes.json"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Those_that_are_too_old_go_with_the_next_one()
    {
        TraceStore store = Store(new TraceRetention { Age = TimeSpan.FromHours(1) });
        Keep(store, 0, bytes: 1, at: DateTimeOffset.UnixEpoch);
        Keep(store, 1, bytes: 1, at: TimeProvider.System.GetUtcNow());
        Assert.Equal([Id(1)], store.List().Select(trace => trace.Id));
    }

    [Fact]
    public void Events_of_a_collector_that_was_killed_before_it_could_tell_of_them_go_with_the_next_trace()
    {
        string[] old = [Id(1) + ".pftrace", ".observatory-1.tmp", "mine.pftrace"], now = [Id(2) + ".pftrace", ".observatory-2.tmp"];
        foreach (string file in (string[])[.. old, .. now]) File.WriteAllText(Path.Combine(_folder, file), "events");
        foreach (string file in old) File.SetLastWriteTimeUtc(Path.Combine(_folder, file), TimeProvider.System.GetUtcNow().UtcDateTime - TimeSpan.FromHours(2));
        Keep(Store(new TraceRetention()), 3, bytes: 1);
        // Those of now may still be written by another collector.
        Assert.Equal(
            [.. ((string[])[.. now, "mine.pftrace", Id(3) + ".json", Id(3) + ".pftrace"]).Order(StringComparer.Ordinal)],
            Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Another_collector_sees_them_and_one_that_is_removed_is_gone()
    {
        TraceStore store = Store(new TraceRetention());
        Keep(store, 7, bytes: 1);
        TraceStore other = Store(new TraceRetention());
        using (FileStream events = Assert.IsType<FileStream>(other.Open(Id(7)))) Assert.Equal(1, events.Length);
        File.Delete(Path.Combine(_folder, Id(7) + ".json"));
        Assert.Empty(other.List());
        Assert.Null(other.Open(Id(7)));
        Keep(store, 8, bytes: 1);
        File.Delete(Path.Combine(_folder, Id(8) + ".pftrace"));
        // What the system refuses to open, whoever asks.
        Directory.CreateDirectory(Path.Combine(_folder, Id(8) + ".pftrace"));
        Assert.Null(other.Open(Id(8)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"tiers\":null,\"timeline\":null,\"target\":null")]
    public void A_document_that_lacks_something_is_passed_over_and_stays(string more)
    {
        TraceStore store = Store(new TraceRetention());
        Keep(store, 1, bytes: 1);
        string foreign = Path.Combine(_folder, Id(2) + ".json");
        File.WriteAllText(foreign, $$"""{"id":"{{Id(2)}}","captured_at":"2026-01-01T00:00:00+00:00","trigger":"loss","reason":"of another version"{{more}}}""");
        Assert.Equal([Id(1)], store.List().Select(trace => trace.Id));
        Assert.True(File.Exists(foreign));
        Assert.NotNull(TraceJson.Read(TraceJson.Write(Document(Id(3), 1, DateTimeOffset.UnixEpoch) with { Unit = null })));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("..%2f..%2fetc%2fpasswd")]
    [InlineData("0000000000000000000000000000000G")]
    [InlineData("")]
    public void An_id_that_is_none_finds_nothing(string id)
    {
        TraceStore store = Store(new TraceRetention());
        Assert.Null(store.Find(id));
        Assert.Null(store.Open(id));
    }

    [Fact]
    public void What_cannot_be_written_leaves_nothing_behind_and_is_told_in_one_line()
    {
        TraceStore store = Store(new TraceRetention());
        OutputFailedException failed = Assert.Throws<OutputFailedException>(() =>
            store.Keep(Id(1), _ => throw new IOException("No space left on device")));
        Assert.DoesNotContain('\n', failed.Message);
        Assert.Contains("No space left", failed.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
        Assert.Empty(store.List());
    }

    internal static TraceDocument Document(string id, long bytes, DateTimeOffset at, string name = "linear [8, 512, 128]") => new(
        id, at, TraceTrigger.SlowerThanMedian, "3.5 times the median", bytes, 1000, 2.5, new TraceTarget(42, name),
        new TraceUnit(7, name, "sweep", 0.0035, 0.001, 1, new Dictionary<string, double> { ["running"] = 0.001, ["preempted"] = 0.0025 }, [], ["2.50 ms preempted by stress-ng"], [new TraceHolder("stress-ng-cpu", 0.0025)], []),
        new Dictionary<string, string> { ["kernel"] = "kernel" }, 0, new TraceMachine("6.18.0", "x86_64", 2), "0.1.0",
        new TraceTimeline(100, 10, 90, [new TraceLane("CPU 0", [new TraceSlice(0, 50, "target", name), new TraceSlice(50, 50, "other", "stress-ng-cpu")])]));

    internal static string Id(int number) => number.ToString("x32", null);

    private TraceStore Store(TraceRetention retention) => new(_folder, retention, TimeProvider.System);

    private static void Keep(TraceStore store, int number, int bytes, DateTimeOffset? at = null) => store.Keep(Id(number), stream =>
    {
        stream.Write(new byte[bytes]);
        return Document(Id(number), bytes, at ?? TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(100 - number));
    });
}
