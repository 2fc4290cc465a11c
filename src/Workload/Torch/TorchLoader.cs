using System.Runtime.InteropServices;
using Observatory.Hosting;

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
    /// A new folder that only this user can enter, since anyone may write to the temporary one. The mapping outlives
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
