using Observatory.Kernel;

namespace Observatory.Hosting;

/// <summary>Where a path that the user named leads: a regular file, a device or pipe, or an open descriptor of this process.</summary>
internal sealed class OutputPlace
{
    private const int MostLinks = 40;

    private OutputPlace(string path, bool isDescriptor) => (Path, IsDescriptor) = (path, isDescriptor);

    /// <summary>The path with its links followed: up to the file, or up to a descriptor of this process.</summary>
    public string Path { get; }

    /// <summary>True for a descriptor that this process has open, such as <c>/dev/stdout</c>.</summary>
    public bool IsDescriptor { get; }

    /// <summary>True for what has no content to replace: a device, a pipe, an open descriptor.</summary>
    public bool IsStream => IsDescriptor || FileStatus.Read(Path) is { Kind: not FileKind.Regular };

    /// <summary>Equal for two paths that lead to one file.</summary>
    public object Identity => FileStatus.Read(Path) is { } status ? status.Identity : Path;

    /// <exception cref="IOException">Its links lead round in a circle.</exception>
    public static OutputPlace Find(string path)
    {
        string place = FollowLinks(path);
        return new OutputPlace(place, IsDescriptorPath(place) || IsDescriptorPath(path));
    }

    /// <summary>Demands that it can be written, without touching what is in it.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not.</exception>
    public void RequireWritable()
    {
        switch (IsDescriptor ? null : FileStatus.Read(Path))
        {
            case { Kind: FileKind.Folder }:
                throw new IOException("it is a folder.");
            case { Kind: FileKind.Socket }:
                throw new IOException("it is a socket.");
            case { Kind: FileKind.Pipe }:
                // Opening it would wait for a reader.
                return;
            case null when !IsDescriptor:
                RequireFolder();
                break;
            default:
                if (StandardStream() is not null) return;
                File.OpenHandle(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite).Dispose();
                break;
        }
    }

    /// <summary>Makes a new file in the same folder, to be renamed to this one.</summary>
    public FileStream CreateBeside(FileOptions options) => new(
        System.IO.Path.Combine(FolderOf(Path), OutputFile.Unfinished.Replace("*", Guid.NewGuid().ToString("N"), StringComparison.Ordinal)),
        FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16, options);

    /// <summary>
    /// Standard output or error through the stream that is open already, because another one would have its own position in the
    /// same file; null for anything else.
    /// </summary>
    public Stream? StandardStream() => !IsDescriptor ? null : Path[(Path.LastIndexOf('/') + 1)..] switch
    {
        "1" => Console.OpenStandardOutput(),
        "2" => Console.OpenStandardError(),
        _ => null,
    };

    /// <summary>A file that is not there yet is tried out: rights, quotas and read-only mounts have no other test.</summary>
    private void RequireFolder()
    {
        string folder = FolderOf(Path);
        if (!Directory.Exists(folder)) throw new IOException($"the folder '{folder}' does not exist.");
        using FileStream trial = CreateBeside(FileOptions.DeleteOnClose);
    }

    private static string FollowLinks(string path)
    {
        string place = System.IO.Path.GetFullPath(path);
        for (int links = 0; links < MostLinks; links++)
        {
            if (IsDescriptorPath(place) || new FileInfo(place).LinkTarget is not { } target) return place;
            place = System.IO.Path.GetFullPath(target, FolderOf(place));
        }

        throw new IOException("its symbolic links form a loop.");
    }

    private static bool IsDescriptorPath(string path) =>
        path.StartsWith("/dev/fd/", StringComparison.Ordinal)
        || path.StartsWith("/proc/self/fd/", StringComparison.Ordinal)
        || path.StartsWith("/proc/thread-self/fd/", StringComparison.Ordinal)
        || path.StartsWith($"/proc/{Environment.ProcessId}/fd/", StringComparison.Ordinal);

    private static string FolderOf(string path) => System.IO.Path.GetDirectoryName(path) ?? "/";
}
