namespace Observatory.EndToEnd.Tests;

/// <summary>Where the build put the programs, and where the repository is.</summary>
internal static class Built
{
    /// <summary>Path of the collector's executable.</summary>
    public static string Collector => Executable("Collector");

    /// <summary>Path of the workload's executable.</summary>
    public static string Workload => Executable("Workload");

    /// <summary>Path of the program that keeps its own books, for the tests of accuracy.</summary>
    public static string TruthTarget => Executable("TruthTarget");

    /// <summary>Path of the program that faults are planted in.</summary>
    public static string FaultTarget => Executable("FaultTarget");

    /// <summary>Path of the program that keeps its runtime busy in chosen ways.</summary>
    public static string ChurnTarget => Executable("ChurnTarget");

    /// <summary>Path of the program that says what no honest one says.</summary>
    public static string LyingTarget => Executable("LyingTarget");

    /// <summary>Path of the web server of which every request keeps its own books, and of the load for it.</summary>
    public static string WebTarget => Executable("WebTarget");

    /// <summary>ChurnTarget on .NET 8, which it brings along.</summary>
    public static string OlderChurnTarget => Executable("OlderChurnTarget", "_linux-x64");

    /// <summary>WebTarget on an older runtime, which it brings along.</summary>
    /// <param name="framework">For example net8.0.</param>
    public static string OlderWebTarget(string framework) => Executable("OlderWebTarget", $"_{framework}_linux-x64");

    /// <summary>How everything was built: the folder of these tests is named after it.</summary>
    public static string Configuration { get; } = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    /// <summary>The folder that holds the solution.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Path of a file of the repository, given from its root with forward slashes.</summary>
    public static string InRepository(string path) => Path.Combine(Repository, path);

    // artifacts/bin/PROJECT/CONFIGURATION/: the same configuration as these tests; a project for one kind of machine says so.
    private static string Executable(string project, string machine = "")
    {
        string own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string folder = Path.GetFullPath(Path.Combine(own, "..", "..", project, Path.GetFileName(own) + machine));
        string path = Path.Combine(folder, $"Observatory.{project}");
        Assert.True(File.Exists(path), $"{path} is not built; building these tests builds it.");
        return path;
    }

    private static string FindRepository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Observatory.sln")))
            folder = folder.Parent;
        return folder?.FullName
            ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Observatory.sln.");
    }
}
