using Observatory.Hosting;

namespace Observatory.Collector.Tests;

public sealed class WorkloadChildTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("observatory-child-");
    private readonly CancellationTokenSource _signal = new();

    /// <summary>A terminal sends Ctrl-C to the collector and its child; which of the two signals is handled first is chance.</summary>
    [Fact]
    public async Task A_child_that_has_ended_by_the_signal_that_ends_us_too_is_no_mistake_of_the_user()
    {
        await using var child = new WorkloadChild(Script("kill -INT $$"), [], _ => { });
        Task connecting = child.ConnectAsync(_signal.Token);
        Assert.True(SpinWait.SpinUntil(() => child.ExitCode == 130, TimeSpan.FromMinutes(1)));
        await _signal.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    [Theory]
    [InlineData("echo no such thing >&2; exit 3")]
    [InlineData("echo no such thing >&2; kill -KILL $$")]
    public async Task A_child_that_ends_before_it_connects_says_why(string script)
    {
        await using var child = new WorkloadChild(Script(script), [], _ => { });
        UsageException refused = await Assert.ThrowsAsync<UsageException>(() => child.ConnectAsync(_signal.Token));
        Assert.Equal("The workload ended before it could be observed: no such thing", refused.Message);
    }

    public void Dispose()
    {
        _signal.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Script(string text)
    {
        string path = Path.Combine(_folder.FullName, "child");
        File.WriteAllText(path, $"#!/bin/sh\n{text}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }
}
