namespace Observatory.Tests.Shared;

/// <summary>A folder of its own, gone with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("observatory-tests-").FullName;

    /// <summary>Writes a file and the folders above it; the path may start with a slash.</summary>
    public TemporaryFolder With(string path, string text)
    {
        string full = System.IO.Path.Combine(Path, path.TrimStart('/'));
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
