using Observatory.Hosting;

namespace Observatory.Collector.Tests;

public sealed class DiscoveryTests
{
    [Theory]
    [InlineData("Observatory.Wor", "/opt/Observatory.Workload sweep", "Observatory.Workload")]
    [InlineData("dotnet", "/usr/bin/dotnet exec --depsfile a.json /app/Shop.dll --port 1", "Shop")]
    [InlineData("dotnet", "/usr/bin/dotnet build", "dotnet")]
    [InlineData("renamed", "", "renamed")]
    public void A_process_is_called_by_its_program(string command, string commandLine, string expected) =>
        Assert.Equal(expected, ProcessNames.Of(command, commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries))[0]);

    [Theory]
    [InlineData("/usr/share/dotnet/shared/Microsoft.NETCore.App/10.0.12/libcoreclr.so", "10.0.12")]
    [InlineData("/app/libcoreclr.so", null)]
    [InlineData("/usr/lib/libc.so.6", null)]
    public void The_runtime_tells_its_version_by_its_folder(string file, string? expected) =>
        Assert.Equal(expected, RuntimeLibrary.VersionIn($"7f00-7f01 r-xp 00000000 08:01 42   {file}\n7f02-7f03 rw-p 00000000 00:00 0\n"));

    [Fact]
    public void A_name_must_mean_one_process()
    {
        Candidate[] all = [Named(7, "shop"), Named(8, "shop"), Named(9, "till")];
        Assert.Equal(9, Candidates.Named("till", all).Process.Id);
        Assert.Contains("7 shop, 8 shop", Assert.Throws<UsageException>(() => Candidates.Named("shop", all)).Message, StringComparison.Ordinal);
        Assert.Contains("7 shop, 8 shop, 9 till", Assert.Throws<UsageException>(() => Candidates.Named("bank", all)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_has_a_line_for_each()
    {
        string[] lines = CandidateReport.ToText([Named(7, "shop")]).Split('\n');
        Assert.Equal(["pid", "user", "uptime", "runtime", "name"], Words(lines[0]));
        Assert.Equal(["7", "1000", "1.02:03:04", "10.0.12", "shop"], Words(lines[1]));
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static Candidate Named(int id, string name) => new(
        new ProcessFacts(id, name, UserId: 1000, InnerId: id, StartTicks: 1), [name], new TimeSpan(1, 2, 3, 4), "10.0.12");
}
