using System.Net;
using System.Net.Sockets;

namespace Observatory.Workload.Tests;

/// <summary>Whatever the user got wrong: exit code 2 and one line that says what to do instead.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("--batches 0", "--batches is '0'; give different sizes above zero")]
    [InlineData("--batches -8", "--batches is '-8'")]
    [InlineData("--sequences eight", "--sequences is 'eight'")]
    [InlineData("--dims 128,", "--dims is '128,'")]
    [InlineData("--dims ,", "--dims is ','")]
    [InlineData("--batches 8,8", "--batches is '8,8'")]
    [InlineData("--batches 99999999999", "--batches is '99999999999'")]
    [InlineData("--batches", "Required argument missing for option: '--batches'")]
    [InlineData("--iterations 0", "--iterations is '0'; give a whole number of at least 1.")]
    [InlineData("--warmup -1", "--warmup is '-1'; give a whole number of at least 0, or auto.")]
    [InlineData("--warmup warm", "--warmup is 'warm'; give a whole number of at least 0, or auto.")]
    [InlineData("--preset large", "--preset is 'large'; give study, long-context, cache-ladder or quick.")]
    [InlineData("--operation conv", "--operation is 'conv'; give linear, mlp, attention or decode")]
    [InlineData("--operation mlp,mlp", "--operation is 'mlp,mlp'")]
    [InlineData("--precision 0", "--precision is '0'; give a percentage above 0 and up to 100")]
    [InlineData("--precision five", "--precision is 'five'")]
    [InlineData("--passes 0", "--passes is '0'; give a whole number of at least 1.")]
    [InlineData("--threads 0", "--threads is '0'; give a whole number from 1 to 1024, or several of them with commas between them.")]
    [InlineData("--threads 2,2", "--threads is '2,2'")]
    [InlineData("--dtypes int8", "--dtypes is 'int8'; give float32, bfloat16 or float16, or several")]
    [InlineData("--seed x", "--seed is 'x'")]
    [InlineData("--order random", "--order is 'random'; give shuffled or listed.")]
    [InlineData("--outputs new", "--outputs is 'new'; give reused or fresh.")]
    [InlineData("--duration soon", "--duration is 'soon'; give a time such as 500ms")]
    [InlineData("--duration 0s", "--duration is '0s'")]
    [InlineData("--duration 60", "--duration is '60'")]
    [InlineData("--port 65536", "--port is '65536'; give a whole number from 0 to 65535.")]
    [InlineData("--listen here", "--listen is 'here'; give an IP address")]
    [InlineData("--operation attention --dims 100", "--dims has 100, and attention has heads of 64; give multiples of 64")]
    [InlineData("--no-metrics --port 9999", "--no-metrics and --port exclude each other; leave one of them out.")]
    [InlineData("--no-metrics --listen *", "--no-metrics and --listen exclude each other")]
    [InlineData("--results ''", "--results is empty; give a file.")]
    [InlineData("--output ''", "--results is empty; give a file.")]
    [InlineData("--output /nowhere/a.json", "--results '/nowhere/a.json' cannot be written: the folder '/nowhere' does not exist.")]
    [InlineData("--colour blue", "'--colour'")]
    [InlineData("--dims 1000000", "linear [64, 1024, 1000000] needs 4213.8 GiB")]
    [InlineData("--batches 2147483647 --sequences 2147483647 --dims 2147483647", "choose smaller --batches")]
    [InlineData("--listen 192.0.2.1", "choose another --port or --listen")]
    public Task An_argument(string arguments, string expected) => RefusedAsync($"sweep {arguments}", expected);

    [Theory]
    [InlineData("BATCHES", "", "WORKLOAD_BATCHES is ''; give different sizes above zero")]
    [InlineData("DURATION", "5x", "WORKLOAD_DURATION is '5x'")]
    [InlineData("ONCE", "maybe", "WORKLOAD_ONCE is 'maybe'; give true or false.")]
    [InlineData("UNTIL_STDIN_CLOSES", "2", "WORKLOAD_UNTIL_STDIN_CLOSES is '2'")]
    public Task A_variable(string name, string value, string expected) =>
        RefusedAsync("sweep", expected, ("WORKLOAD_" + name, value));

    [Theory]
    [InlineData("WORKLOAD_BATCH", "WORKLOAD_BATCH is not a setting; did you mean WORKLOAD_BATCHES?")]
    [InlineData("WORKLOAD_OPERATIONS", "did you mean WORKLOAD_OPERATION?")]
    public Task A_variable_that_is_misspelt(string name, string expected) => RefusedAsync("sweep", expected, (name, "8"));

    [Fact]
    public Task A_command_that_does_not_exist() => RefusedAsync("sweeep", "'sweeep'");

    [Fact]
    public async Task A_port_in_use()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;

        await RefusedAsync($"sweep --port {port}", $"Cannot serve metrics on 127.0.0.1:{port}");
    }

    private static async Task RefusedAsync(
        string arguments, string expected, params (string Name, string Value)[] environment)
    {
        using WorkloadProcess process = WorkloadProcess.Start(arguments, environment);

        (int code, string output) = await process.EndAsync();

        Assert.Equal((2, ""), (code, output));
        string line = Assert.Single(process.Errors);
        Assert.StartsWith("workload: ", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }
}
