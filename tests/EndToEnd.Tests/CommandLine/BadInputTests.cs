using System.Net;
using System.Net.Sockets;

namespace Observatory.EndToEnd.Tests;

public sealed class BadInputTests
{
    [Theory]
    [InlineData("--duration", "tomorrow", "60s")]
    [InlineData("--duration", "0s", "above zero")]
    [InlineData("--port", "99999", "0 to 65535")]
    [InlineData("--port", "http", "--port is 'http'; give a whole number from 0 to 65535.")]
    [InlineData("--runtime-events", "all", "is not a level. Choose off, gc, default or verbose.")]
    [InlineData("--accounts", "/nowhere/\u001b[31m\nX", "'/nowhere/?[31m X' cannot be written: the folder '/nowhere' does not exist.")]
    [InlineData("--listen", "everywhere", "an IP address, localhost or *")]
    [InlineData("--accounts", "/nowhere/at/all.jsonl", "/nowhere/at/all.jsonl")]
    [InlineData("--tier", "root", "kernel, thread, procfs or none")]
    [InlineData("--verbose", "", "--verbose")]
    [InlineData("observe", "", "observe")]
    public async Task A_bad_option_gets_one_line_that_names_it_and_the_remedy(string option, string value, string expected) =>
        await RefusesAsync(value.Length > 0 ? [option, value] : [option], expected);

    [Fact]
    public async Task What_a_recording_would_overwrite_or_ignore_is_refused()
    {
        await RefusesAsync(["record", "--output", "/tmp/observatory-x", "--accounts", "/tmp/../tmp/observatory-x"], "is the same file as --accounts");
        await RefusesAsync(["record", "--output", "/tmp/observatory-x", "--traces", "/tmp"], "leave --traces out");
        await RefusesAsync(["soak", "--state", "/tmp/observatory-x", "--accounts", "/tmp/observatory-x"], "is the same file as the input --state");
        await RefusesAsync(["soak", "--full-collections", "1m", "--runtime-events", "off"], "--full-collections needs the target's collections to be observed");
    }

    [Theory]
    [InlineData("--batches", "0")]
    [InlineData("--dims", "wide")]
    [InlineData("--sequences", "")]
    [InlineData("--dims", "1000000")]
    public async Task What_the_workload_refuses_is_refused(string option, string value) =>
        await RefusesAsync(["--port", "0", "--", "--port", "0", option, value], "workload: ");

    [Fact]
    public async Task A_process_that_does_not_exist_cannot_be_observed() =>
        await RefusesAsync(["attach", "--pid", $"{int.MaxValue}", "--port", "0"], "no process");

    [Fact]
    public async Task A_process_without_dotnet_cannot_be_observed()
    {
        await using RunningProcess other = RunningProcess.Start("sleep", ["600"]);
        await RefusesAsync(["attach", "--pid", $"{other.Id}", "--port", "0"], "not a .NET process");
    }

    [Fact]
    public async Task Attach_starts_no_workload_so_it_takes_no_arguments_for_one() =>
        await RefusesAsync(["attach", "--pid", "1", "--", "--once"], "attach starts none");

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await RefusesAsync(["--port", $"{port}"], $"127.0.0.1:{port}: Address already in use");
    }

    /// <summary>A state is read again by the next collector; a copy of a stream has one header.</summary>
    [Theory]
    [InlineData("soak --pid 1 --state /dev/null", "is a device or a pipe")]
    [InlineData("soak --name shop --nettrace /tmp/observatory-same", "soak --name follows several")]
    public async Task Files_that_could_not_be_read_later_are_refused(string command, string expected) => await RefusesAsync(command.Split(' '), expected);

    [Fact]
    public async Task A_process_id_that_is_not_a_number_is_said_in_words() =>
        await RefusesAsync(["attach", "--pid", "shop"], "--pid is 'shop'; give a whole number.");

    private static async Task RefusesAsync(string[] arguments, string expected)
    {
        FinishedProcess finished = await RunningProcess.RunAsync(Built.Collector, arguments);
        Assert.Equal((2, ""), (finished.ExitCode, finished.Output));
        string line = Assert.Single(finished.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }
}
