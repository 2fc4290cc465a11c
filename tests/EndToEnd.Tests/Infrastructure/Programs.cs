namespace Observatory.EndToEnd.Tests;

/// <summary>Programs of this machine.</summary>
internal static class Programs
{
    /// <summary>Whether PATH has a program of this name.</summary>
    public static bool Exists(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, name)));
}
