using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Observatory.Hosting.Tests;

public sealed class BackgroundOutputTests : IDisposable
{
    private const int Plenty = 64_000_000;
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("observatory-output-").FullName;
    private readonly ConcurrentQueue<string> _log = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_record_is_in_the_file_in_order()
    {
        string path = Path.Combine(_folder, "accounts");
        File.WriteAllText(path, "old");
        BackgroundOutput output = Start(path, Plenty, WhenFull.Drop);

        for (int record = 0; record < 100_000; record++) Assert.True(output.Add(Line(record)));
        output.Dispose();

        Assert.Equal(Enumerable.Range(0, 100_000).Select(Text), File.ReadLines(path));
        Assert.Equal(new FileInfo(path).Length, output.Written);
        Assert.True(output.IsComplete);
        Assert.Empty(_log);
    }

    [Fact]
    public void A_file_is_not_touched_before_it_is_started()
    {
        string path = Path.Combine(_folder, "accounts");
        File.WriteAllText(path, "old");
        var output = new BackgroundOutput("accounts", OutputFile.Create("--accounts", path), Plenty, WhenFull.Drop, _log.Enqueue);

        output.Add(Line(1));
        output.Dispose();

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Empty(_log);
    }

    [Fact]
    public void A_full_disk_ends_the_file_with_one_line()
    {
        BackgroundOutput output = Start("/dev/full", Plenty, WhenFull.Drop);

        Assert.True(output.Add(Line(0)));
        Assert.True(SpinWait.SpinUntil(() => !output.IsWriting, Generous));
        for (int record = 1; record < 1000; record++) Assert.False(output.Add(Line(record)));
        output.Dispose();

        Assert.Equal(1000, output.Dropped);
        Assert.Equal(0, output.Written);
        Assert.StartsWith("accounts: '/dev/full' ends after 0 bytes, the observation goes on: No space left", Assert.Single(_log), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_without_a_reader_keeps_nothing_waiting()
    {
        BackgroundOutput output = Start(MakePipe(), mostWaiting: 1000, WhenFull.Drop);

        int taken = Enumerable.Range(0, 1000).Count(record => output.Add(Line(record)));
        output.Complete(TimeSpan.FromMilliseconds(50));

        Assert.InRange(taken, 1, 999);
        Assert.Equal(1000, output.Dropped);
        Assert.False(output.IsWriting);
        Assert.All(_log, line => Assert.Contains("nothing has opened it for reading", line));
        Assert.Equal(2, _log.Count);
    }

    [Fact]
    public async Task What_a_slow_reader_gets_and_what_is_dropped_add_up()
    {
        string pipe = MakePipe();
        BackgroundOutput output = Start(pipe, mostWaiting: 10_000, WhenFull.Drop);
        using var reader = new StreamReader(pipe);
        int added = 0;
        while (output.Dropped == 0) output.Add(Line(added++));

        Task<string> read = reader.ReadToEndAsync();
        output.Complete(Generous);
        string[] lines = (await read).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(added, lines.Length + output.Dropped);
        Assert.Equal(lines.Select(line => line), lines.Order(StringComparer.Ordinal));
        Assert.Equal(lines.Length, lines.Distinct().Count());
        Assert.True(output.IsWriting);
        Assert.Equal(2, _log.Count);
        Assert.Contains("records are left out", _log.First());
        Assert.Equal($"accounts: {output.Dropped} records are not in '{pipe}'", _log.Last());
    }

    [Fact]
    public void A_file_that_bears_no_hole_ends_at_the_first_one()
    {
        BackgroundOutput output = Start(MakePipe(), mostWaiting: 1000, WhenFull.End);

        int added = 0;
        while (output.Add(Line(added))) added++;

        Assert.False(output.IsWriting);
        Assert.Equal(added + 1, output.Dropped);
        Assert.Contains("the observation goes on", Assert.Single(_log));
        output.Complete(TimeSpan.Zero);
        Assert.Single(_log);
    }

    private BackgroundOutput Start(string path, int mostWaiting, WhenFull whenFull)
    {
        var output = new BackgroundOutput("accounts", OutputFile.Create("--accounts", path), mostWaiting, whenFull, _log.Enqueue);
        output.Start();
        return output;
    }

    private static string Text(int record) => record.ToString("D8", CultureInfo.InvariantCulture);

    private static byte[] Line(int record) => Encoding.ASCII.GetBytes(Text(record) + "\n");

    private string MakePipe()
    {
        string path = Path.Combine(_folder, "pipe");
        using Process made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
        return path;
    }
}
