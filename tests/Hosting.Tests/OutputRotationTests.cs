using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Observatory.Hosting.Tests;

public sealed class OutputRotationTests : IDisposable
{
    private const int LineLength = 100;
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("observatory-rotation-").FullName;
    private readonly ConcurrentQueue<string> _log = [];

    private string Place => Path.Combine(_folder, "accounts");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_record_is_in_one_of_the_files_in_order()
    {
        const int records = 50_000;
        BackgroundOutput output = Start(new OutputRotation(Bytes: 300_000, Age: null, Kept: 1000));

        AddSlowly(output, records);
        output.Dispose();

        Assert.InRange(output.Rotations, 2, records);
        Assert.Equal(output.Rotations + 1, Directory.GetFiles(_folder).Length);
        Assert.Equal(Enumerable.Range(0, records).Select(Text), Oldest(output.Rotations).SelectMany(File.ReadLines));
        Assert.Equal(records * LineLength, output.Written);
        Assert.True(output.IsComplete);
        Assert.Empty(_log);
    }

    [Fact]
    public void Only_the_youngest_files_are_kept_and_each_is_whole()
    {
        const int records = 50_000;
        BackgroundOutput output = Start(new OutputRotation(Bytes: 300_000, Age: null, Kept: 2));

        AddSlowly(output, records);
        output.Dispose();

        Assert.True(output.Rotations > 2);
        Assert.Equal(["accounts", "accounts.1", "accounts.2"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        string[] kept = [.. Oldest(2).SelectMany(File.ReadLines)];
        Assert.Equal(Enumerable.Range(records - kept.Length, kept.Length).Select(Text), kept);
        Assert.True(output.IsComplete);
    }

    [Fact]
    public void A_file_that_is_old_enough_is_set_aside_with_the_next_record()
    {
        BackgroundOutput output = Start(new OutputRotation(Bytes: 1_000_000, TimeSpan.FromTicks(1), Kept: 4));

        for (int record = 0; record < 3; record++)
        {
            Assert.True(output.Add(Line(record)));
            Assert.True(SpinWait.SpinUntil(() => output.Written == (record + 1) * LineLength, Generous));
        }

        output.Dispose();

        Assert.Equal(2, output.Rotations);
        Assert.Equal([Text(0)], File.ReadLines(Place + ".2"));
        Assert.Equal([Text(1)], File.ReadLines(Place + ".1"));
        Assert.Equal([Text(2)], File.ReadLines(Place));
    }

    [Fact]
    public void What_an_earlier_run_has_left_is_set_aside_and_its_mode_kept()
    {
        File.WriteAllText(Place, "earlier");
        File.SetUnixFileMode(Place, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        BackgroundOutput output = Start(new OutputRotation(Bytes: 1_000_000, Age: null, Kept: 4));

        output.Add(Line(0));
        output.Dispose();

        Assert.Equal("earlier", File.ReadAllText(Place + ".1"));
        Assert.Equal([Text(0)], File.ReadLines(Place));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Place));
    }

    [Fact]
    public void A_file_that_cannot_be_set_aside_ends_with_one_line()
    {
        Directory.CreateDirectory(Place + ".1");
        BackgroundOutput output = Start(new OutputRotation(Bytes: 1, Age: null, Kept: 1));

        output.Add(Line(0));
        Assert.True(SpinWait.SpinUntil(() => output.Written > 0, Generous));
        output.Add(Line(1));
        Assert.True(SpinWait.SpinUntil(() => !output.IsWriting, Generous));
        output.Dispose();

        Assert.Equal([Text(0)], File.ReadLines(Place));
        Assert.Equal(1, output.Dropped);
        Assert.Contains("the observation goes on", Assert.Single(_log));
    }

    [Theory]
    [InlineData("256MB", 256_000_000, null, 4)]
    [InlineData("1gb,1h", 1_000_000_000, 3600, 4)]
    [InlineData("64MB,10m,8", 64_000_000, 600, 8)]
    public void A_rotation_is_read(string text, long bytes, int? seconds, int kept)
    {
        TimeSpan? age = seconds is { } given ? TimeSpan.FromSeconds(given) : null;
        Assert.Equal(new OutputRotation(bytes, age, kept), OutputRotation.Parser.Parse("--accounts-rotate", text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("MB")]
    [InlineData("256")]
    [InlineData("0MB")]
    [InlineData("-1MB")]
    [InlineData("99999999999GB")]
    [InlineData("1MB,")]
    [InlineData("1MB,0s")]
    [InlineData("1MB,1h,0")]
    [InlineData("1MB,1h,1001")]
    [InlineData("1MB,1h,2,3")]
    public void Anything_else_is_refused_with_what_to_give(string text) =>
        Assert.Contains(
            "give a size",
            Assert.Throws<UsageException>(() => OutputRotation.Parser.Parse("--accounts-rotate", text)).Message,
            StringComparison.Ordinal);

    /// <summary>In parts of which each is written before the next one comes: how many are written at once is then known.</summary>
    private static void AddSlowly(BackgroundOutput output, int records)
    {
        for (int record = 0; record < records; record++)
        {
            Assert.True(output.Add(Line(record)));
            if (record % 1000 != 999) continue;
            Assert.True(SpinWait.SpinUntil(() => output.Written == (record + 1) * LineLength, Generous));
        }
    }

    private IEnumerable<string> Oldest(long rotations)
    {
        for (long number = rotations; number > 0; number--) yield return $"{Place}.{number}";
        yield return Place;
    }

    private BackgroundOutput Start(OutputRotation rotation)
    {
        var output = new BackgroundOutput(
            "accounts", OutputFile.Create("--accounts", Place), 64_000_000, WhenFull.Drop, _log.Enqueue, rotation);
        output.Start();
        return output;
    }

    private static string Text(int record) => record.ToString("D" + (LineLength - 1), CultureInfo.InvariantCulture);

    private static byte[] Line(int record) => Encoding.ASCII.GetBytes(Text(record) + "\n");
}
