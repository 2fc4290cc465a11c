using System.Globalization;
using System.Text;
using Observatory.Kernel;

namespace Observatory.Hosting;

/// <summary>A file that could not be written although it had been checked: a full disk, a reader that went away.</summary>
/// <remarks>The process prints the message, one line, and ends with <see cref="ExitCodes.Finding"/>.</remarks>
public sealed class OutputFailedException(string message, Exception cause) : Exception(message, cause);

/// <summary>
/// A file that the user named for output. A regular one is written beside its place and renamed, so that the old content
/// stays until the new one is whole; a device, a pipe or an open descriptor such as <c>/dev/stdout</c> is opened and
/// written, never replaced.
/// </summary>
/// <remarks>
/// It is checked when it is named and opened when there is something to write: a mistake in another option must not empty
/// a file.
/// </remarks>
public sealed class OutputFile
{
    // EBUSY: the file is a mount of its own, as a container's often are.
    private const int MountPoint = 16;
    private const int MostLinks = 40;

    private readonly string _option;
    private readonly string _place;
    private readonly bool _isDescriptor;

    private OutputFile(string option, string path, string place, bool isDescriptor)
    {
        (_option, Path, _place, _isDescriptor) = (option, path, place, isDescriptor);
    }

    /// <summary>What a command prints. A full disk behind it ends in one line, as with any other output.</summary>
    public static OutputFile StandardOutput { get; } = Create("standard output", "/dev/fd/1");

    /// <summary>The path as the user wrote it.</summary>
    public string Path { get; }

    /// <summary>Says whether the file can be written, without touching what is in it.</summary>
    /// <param name="option">Option that names the file; stands before each message.</param>
    /// <param name="path">Where.</param>
    /// <exception cref="UsageException">It cannot.</exception>
    public static OutputFile Create(string option, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0) throw new UsageException($"{option} is empty; give a file.");
        try
        {
            string place = FinalPath(path);
            var file = new OutputFile(option, path, place, IsDescriptor(path, place));
            file.RequireWritable();
            return file;
        }
        catch (Exception problem) when (IsRefusal(problem))
        {
            throw new UsageException($"{option} '{path}' cannot be written: {Reason(problem)} Give another file.");
        }
    }

    /// <summary>A folder for several files; made where it is not there yet.</summary>
    /// <exception cref="UsageException">It cannot be.</exception>
    public static string CreateFolder(string option, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0) throw new UsageException($"{option} is empty; give a folder.");
        try
        {
            return Directory.CreateDirectory(path).FullName;
        }
        catch (Exception problem) when (IsRefusal(problem))
        {
            throw new UsageException($"{option} '{path}' cannot be made: {Reason(problem)} Give another folder.");
        }
    }

    /// <summary>Refuses outputs that would overwrite an input or each other.</summary>
    /// <param name="outputs">Those that were asked for.</param>
    /// <param name="inputs">Files that are read, each with what the user calls it.</param>
    /// <exception cref="UsageException">Two paths lead to one regular file.</exception>
    public static void RequireDistinct(IEnumerable<OutputFile> outputs, params IEnumerable<(string Name, string Path)> inputs)
    {
        Dictionary<object, string> taken = [];
        foreach ((string name, string path) in inputs) taken.TryAdd(Identity(path), $"the input {name}");
        foreach (OutputFile output in outputs)
        {
            if (output.IsStream) continue;
            if (!taken.TryAdd(Identity(output._place), $"{output._option} '{output.Path}'"))
                throw new UsageException(
                    $"{output._option} '{output.Path}' is the same file as {taken[Identity(output._place)]}; give each its own.");
        }
    }

    /// <summary>True for what has no content to replace: a device, a pipe, an open descriptor.</summary>
    public bool IsStream => _isDescriptor || FileStatus.Read(_place) is { Kind: not FileKind.Regular };

    /// <summary>Writes a text, whole or not at all where the file is a regular one.</summary>
    /// <exception cref="OutputFailedException">The system refused.</exception>
    public void Write(string text) => Write(stream =>
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
        writer.Write(text);
    });

    /// <summary>Writes a file, whole or not at all where it is a regular one.</summary>
    /// <exception cref="OutputFailedException">The system refused.</exception>
    public void Write(Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            if (IsStream) WriteInPlace(write);
            else Replace(write);
        }
        catch (Exception problem) when (IsRefusal(problem))
        {
            throw Failed(problem);
        }
    }

    /// <summary>
    /// Opens the file for records that are written as they come. What was in it is gone from now on; opening a pipe waits
    /// for its reader.
    /// </summary>
    /// <exception cref="OutputFailedException">The system refused.</exception>
    public Stream OpenStream()
    {
        try
        {
            if (_isDescriptor && StandardStream() is { } standard) return standard;
            FileMode mode = IsStream ? FileMode.Open : FileMode.Create;
            // No buffer: records are collected before they are written here.
            return new FileStream(_place, mode, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception problem) when (IsRefusal(problem))
        {
            throw Failed(problem);
        }
    }

    /// <summary>
    /// Sets the file aside as <c>NAME.1</c>, what had that name as <c>NAME.2</c> and so on, and opens an empty one. Each step is a
    /// rename, so that a reader finds whole files at any time. An empty file is not set aside.
    /// </summary>
    /// <param name="kept">Files that are kept; the oldest is overwritten.</param>
    /// <exception cref="OutputFailedException">The system refused.</exception>
    /// <exception cref="InvalidOperationException">A device, pipe or descriptor, which cannot be renamed.</exception>
    public Stream OpenNext(int kept)
    {
        if (IsStream) throw new InvalidOperationException($"'{Path}' cannot be set aside.");
        try
        {
            if (new FileInfo(_place) is not { Exists: true, Length: > 0 } full) return OpenStream();
            UnixFileMode mode = full.UnixFileMode;
            for (int number = kept; number > 1; number--)
            {
                if (File.Exists(Aside(number - 1))) File.Move(Aside(number - 1), Aside(number), overwrite: true);
            }

            File.Move(_place, Aside(1), overwrite: true);
            Stream next = OpenStream();
            if (next is FileStream file) File.SetUnixFileMode(file.SafeFileHandle, mode);
            return next;
        }
        catch (Exception problem) when (IsRefusal(problem))
        {
            throw Failed(problem);
        }
    }

    private string Aside(int number) => string.Create(CultureInfo.InvariantCulture, $"{_place}.{number}");

    private OutputFailedException Failed(Exception problem) =>
        new($"{_option} '{Path}' could not be written: {Reason(problem)}", problem);

    private void RequireWritable()
    {
        switch (_isDescriptor ? null : FileStatus.Read(_place))
        {
            case { Kind: FileKind.Folder }:
                throw new IOException("it is a folder.");
            case { Kind: FileKind.Socket }:
                throw new IOException("it is a socket.");
            case { Kind: FileKind.Pipe }:
                // Opening it would wait for a reader.
                return;
            case null when !_isDescriptor:
                RequireFolder();
                break;
            default:
                if (_isDescriptor && StandardStream() is not null) return;
                File.OpenHandle(_place, FileMode.Open, FileAccess.Write, FileShare.ReadWrite).Dispose();
                break;
        }
    }

    /// <summary>A file that is not there yet is tried out: rights, quotas and read-only mounts have no other test.</summary>
    private void RequireFolder()
    {
        string folder = Folder(_place);
        if (!Directory.Exists(folder)) throw new IOException($"the folder '{folder}' does not exist.");
        using FileStream trial = CreateBeside(FileOptions.DeleteOnClose);
    }

    private void Replace(Action<Stream> write)
    {
        FileStream beside;
        try
        {
            beside = CreateBeside(FileOptions.None);
        }
        catch (Exception refused) when (File.Exists(_place) && IsRefusal(refused))
        {
            // A folder that takes no new file, such as the one around a file that a container mounts.
            WriteInPlace(write);
            return;
        }

        try
        {
            using (beside)
            {
                KeepOwnerAndMode(beside);
                write(beside);
                beside.Flush(flushToDisk: true);
            }

            File.Move(beside.Name, _place, overwrite: true);
        }
        catch (IOException busy) when (busy.HResult == MountPoint)
        {
            File.Delete(beside.Name);
            WriteInPlace(write);
        }
        catch
        {
            File.Delete(beside.Name);
            throw;
        }
    }

    private void WriteInPlace(Action<Stream> write)
    {
        using Stream stream = OpenStream();
        write(stream);
        stream.Flush();
    }

    private void KeepOwnerAndMode(FileStream beside)
    {
        if (FileStatus.Read(_place) is not { } old) return;
        // Owner first: changing it may take bits of the mode away.
        old.TryGiveTo(beside.SafeFileHandle);
        File.SetUnixFileMode(beside.SafeFileHandle, File.GetUnixFileMode(_place));
    }

    private FileStream CreateBeside(FileOptions options) => new(
        System.IO.Path.Combine(Folder(_place), $".observatory-{Guid.NewGuid():N}.tmp"),
        FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16, options);

    private Stream? StandardStream() => _place[(_place.LastIndexOf('/') + 1)..] switch
    {
        // Through the stream that is open already: another one would have its own position in the same file.
        "1" => Console.OpenStandardOutput(),
        "2" => Console.OpenStandardError(),
        _ => null,
    };

    /// <summary>Follows links up to the file, or up to a descriptor of this process.</summary>
    private static string FinalPath(string path)
    {
        string place = System.IO.Path.GetFullPath(path);
        for (int links = 0; links < MostLinks; links++)
        {
            if (IsDescriptorPath(place) || new FileInfo(place).LinkTarget is not { } target) return place;
            place = System.IO.Path.GetFullPath(target, Folder(place));
        }

        throw new IOException("its links lead round in a circle.");
    }

    private static bool IsDescriptor(string path, string place) => IsDescriptorPath(place) || IsDescriptorPath(path);

    private static bool IsDescriptorPath(string path) =>
        path.StartsWith("/dev/fd/", StringComparison.Ordinal)
        || path.StartsWith("/proc/self/fd/", StringComparison.Ordinal)
        || path.StartsWith("/proc/thread-self/fd/", StringComparison.Ordinal)
        || path.StartsWith($"/proc/{Environment.ProcessId}/fd/", StringComparison.Ordinal);

    private static object Identity(string path)
    {
        string place = FinalPath(path);
        return FileStatus.Read(place) is { } status ? status.Identity : place;
    }

    private static string Folder(string place) => System.IO.Path.GetDirectoryName(place) ?? "/";

    private static bool IsRefusal(Exception problem) =>
        problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    private static string Reason(Exception problem) => problem.Message.TrimEnd('.') + ".";
}
