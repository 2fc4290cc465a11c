using System.Security.Cryptography;

namespace Observatory.Workload;

/// <summary>Keeps changed copies of the binding in a folder, under names that follow from their contents.</summary>
/// <remarks>
/// Several processes may start at once and any of them may be killed: a copy is written under a name of its own and
/// moved into place, which rename(2) does as one step. One that is there already is used only if it has the right
/// bytes to the last.
/// </remarks>
internal static class BindingCopies
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Folders to try, the best first.</summary>
    /// <param name="environment">Reads an environment variable.</param>
    public static IEnumerable<string> Folders(Func<string, string?> environment)
    {
        if (environment("XDG_CACHE_HOME") is { Length: > 0 } cache) yield return Path.Combine(cache, "observatory");
        if (environment("HOME") is { Length: > 0 } home) yield return Path.Combine(home, ".cache", "observatory");
    }

    /// <summary>Puts the bytes into the folder, unless they are there.</summary>
    /// <returns>The file's path.</returns>
    /// <exception cref="IOException">The folder cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static string Store(string folder, byte[] content)
    {
        Directory.CreateDirectory(folder, OwnerOnly);
        string hash = Convert.ToHexStringLower(SHA256.HashData(content))[..16];
        string path = Path.Combine(folder, $"libLibTorchSharp-{hash}.so");
        if (!Holds(path, content)) Write(path, content);
        return path;
    }

    private static bool Holds(string path, byte[] content) =>
        File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(content);

    private static void Write(string path, byte[] content)
    {
        string own = $"{path}.{Guid.NewGuid():N}";
        try
        {
            File.WriteAllBytes(own, content);
            File.Move(own, path, overwrite: true);
        }
        finally
        {
            File.Delete(own);
        }
    }
}
