using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Observatory.Hosting;
using TorchSharp;

namespace Observatory.Workload;

/// <summary>
/// Loads libtorch before TorchSharp asks for it. Where the host's libstdc++ lacks the version the binding names, it
/// loads a copy with that version made weak; the dynamic linker later finds it by its soname. See docs/adr/0004.
/// </summary>
internal sealed class TorchLoader(TorchLibraries libraries, ILogger logger)
{
    /// <summary>The version of GCC 13's libstdc++, which Debian 12, Ubuntu 22.04 and RHEL 9 do not have.</summary>
    public const string Version = "GLIBCXX_3.4.32";

    /// <exception cref="UsageException">The libraries are absent, or this host cannot load them.</exception>
    public void Load()
    {
        try
        {
            foreach (string name in TorchLibraries.Dependencies) NativeLibrary.Load(libraries.Find(name));
            LoadBinding(libraries.Find(TorchLibraries.Binding));
        }
        catch (Exception problem) when (problem is DllNotFoundException or InvalidDataException)
        {
            throw new UsageException(
                $"libtorch does not load on this host; install what it lacks: {problem.Message}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(
                $"No folder for a copy of libtorch's binding; set XDG_CACHE_HOME to one: {problem.Message}");
        }
    }

    /// <summary>
    /// The dynamic linker itself says whether the host has the version; a refused load leaves no trace.
    /// </summary>
    private void LoadBinding(string original)
    {
        try
        {
            NativeLibrary.Load(original);
        }
        catch (DllNotFoundException refusal) when (refusal.Message.Contains(Version, StringComparison.Ordinal))
        {
            string place = LoadCopy(WeakVersionNeed.Mark(File.ReadAllBytes(original), Version));
            WorkloadLog.BindingPatched(logger, Version, place);
        }
    }

    /// <summary>Goes on to the next folder where one cannot be written, or is mounted without execution.</summary>
    private static string LoadCopy(byte[] content)
    {
        foreach (string folder in BindingCopies.Folders(Environment.GetEnvironmentVariable))
        {
            if (TryLoadCopy(folder, content) is { } path) return path;
        }

        return LoadTransient(content);
    }

    private static string? TryLoadCopy(string folder, byte[] content)
    {
        try
        {
            string path = BindingCopies.Store(folder, content);
            return NativeLibrary.TryLoad(path, out _) ? path : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// A new folder that only this user can enter, since every user may write to the temporary one. The mapping outlives
    /// the file.
    /// </summary>
    private static string LoadTransient(byte[] content)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("observatory-");
        try
        {
            NativeLibrary.Load(BindingCopies.Store(folder.FullName, content));
            return folder.FullName;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

/// <summary>
/// Finds the native libraries: beside the program, or in the folder of a build for several platforms.
/// </summary>
internal sealed class TorchLibraries(string baseDirectory)
{
    /// <summary>The one that fails on hosts with an old libstdc++.</summary>
    public const string Binding = "libLibTorchSharp.so";

    /// <summary>What the binding needs, each after what it needs itself.</summary>
    public static readonly IReadOnlyList<string> Dependencies = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    /// <summary>The library's full path.</summary>
    /// <exception cref="UsageException">It is in neither place.</exception>
    public string Find(string name)
    {
        string[] places =
        [
            Path.Combine(baseDirectory, name),
            Path.Combine(baseDirectory, "runtimes", "linux-x64", "native", name),
        ];
        return places.FirstOrDefault(File.Exists) ?? throw new UsageException(
            $"{name} is not in {baseDirectory}; libtorch exists for linux-x64 only: build and run the workload there.");
    }
}

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

/// <summary>
/// Settings of libtorch, some of which hold for the calling thread only: use it on the driving thread.
/// </summary>
internal static class TorchSession
{
    /// <summary>For example <c>2.10.0</c>.</summary>
    public static string Version =>
        System.Version.TryParse(torch.__version__, out Version? version) ? version.ToString(3) : torch.__version__;

    /// <summary>Sets the threads of an operation, and ends the recording of gradients until disposed.</summary>
    public static IDisposable Begin(int threads)
    {
        Use(threads);
        return torch.inference_mode();
    }

    /// <summary>Sets the threads of the operations that follow. libtorch makes more as it needs them, and keeps all.</summary>
    public static void Use(int threads)
    {
        if (torch.get_num_threads() != threads) torch.set_num_threads(threads);
    }
}
