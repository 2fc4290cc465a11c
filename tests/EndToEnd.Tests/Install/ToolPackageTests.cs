using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>The packages as people get them: packed, installed from a folder, used on a process.</summary>
public sealed class ToolPackageTests : IDisposable
{
    private const long Megabyte = 1_000_000;

    // Packing and installing compile nothing, but they start MSBuild and NuGet on whatever else the machine is doing.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private readonly string _folder = Directory.CreateTempSubdirectory("observatory-pack-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_collector_is_a_tool_that_observes_a_process()
    {
        FileInfo package = await PackAsync("Collector", "Observatory.*.nupkg");
        Assert.InRange(package.Length, 1, 10 * Megabyte); // libtorch alone would be 200
        AssertForEverySystem(package);
        string tool = await InstallAsync();

        await using RunningProcess target = RunningProcess.Start(Built.ChurnTarget, ["allocate"]);
        await AttachedRun.ListedAsync(target.Id);
        FinishedProcess observed = await RunningProcess.RunAsync(
            tool, ["attach", "--pid", $"{target.Id}", "--duration", "3s", "--json", "--port", "0"]);

        Assert.Equal(0, observed.ExitCode);
        Assert.True(JsonNode.Parse(observed.Output)!["process"]!["suspensions"]!["count"]!.GetValue<long>() > 0);
    }

    [Fact]
    public async Task The_contract_is_a_library_for_programs_that_mark_their_work()
    {
        FileInfo package = await PackAsync("Contract", "Observatory.Contract.*.nupkg");
        using var content = ZipFile.OpenRead(package.FullName);
        Assert.Contains(content.Entries, entry => entry.FullName == "lib/net10.0/Observatory.Contract.dll");
        Assert.Contains(content.Entries, entry => entry.FullName == "lib/net10.0/Observatory.Contract.xml");
    }

    /// <summary>One package serves every processor: code that is compiled ahead is for one, and on others does not even load.</summary>
    private static void AssertForEverySystem(FileInfo package)
    {
        using ZipArchive content = ZipFile.OpenRead(package.FullName);
        using Stream collector = content.Entries.Single(entry => entry.Name == "Observatory.Collector.dll").Open();
        using var image = new MemoryStream();
        collector.CopyTo(image);
        image.Position = 0;
        using var assembly = new PEReader(image);
        Assert.Equal(0, assembly.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size);
    }

    private async Task<FileInfo> PackAsync(string project, string pattern)
    {
        await DotNetAsync(
            "pack", Built.InRepository($"src/{project}"), "--configuration", Built.Configuration, "--no-build", "--output", _folder,
            "-p:BuildWorkload=false");
        return new FileInfo(Assert.Single(Directory.GetFiles(_folder, pattern)));
    }

    /// <summary>Path of the installed command. The folder is the only feed, so that no registry is asked.</summary>
    private async Task<string> InstallAsync()
    {
        string configuration = Path.Combine(_folder, "nuget.config");
        await File.WriteAllTextAsync(
            configuration,
            $"""<configuration><packageSources><clear /><add key="local" value="{_folder}" /></packageSources></configuration>""");
        string tools = Path.Combine(_folder, "tools");
        await DotNetAsync("tool", "install", "Observatory", "--tool-path", tools, "--configfile", configuration);
        return Path.Combine(tools, "observatory");
    }

    private static async Task DotNetAsync(params string[] arguments)
    {
        FinishedProcess finished = await RunningProcess.RunAsync(
            "dotnet", arguments, new Dictionary<string, string?> { ["DOTNET_CLI_UI_LANGUAGE"] = "en" }, limit: Limit);
        Assert.True(finished.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}:\n{finished.Output}\n{finished.Error}");
    }
}
