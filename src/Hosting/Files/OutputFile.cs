using System.Globalization;
using System.Text;
using Observatory.Kernel;

namespace Observatory.Hosting;

/// <summary>A file that could not be written although it had been checked: a full disk, a reader that went away.</summary>
/// <remarks>The process prints the message, one line, and ends with <see cref="ExitCodes.Finding"/>.</remarks>
public sealed class OutputFailedException(string message, Exception cause) : Exception(message, cause);

/// <summary>
/// A file that the user named for output. A regular one is written next to its place and renamed, so that the old content
/// stays until the new one is whole; a device, a pipe or an open descriptor such as <c>/dev/stdout</c> is opened and
/// written, never replaced.
/// </summary>
/// <remarks>
/// It is checked when it is named and opened when there is something to write: a mistake in another option must not empty
/// a file.
/// </remarks>
public sealed class OutputFile
{
    /// <summary>Names of files that are being written; one that stays has been left by a process that was killed meanwhile.</summary>
    public const string Unfinished = ".observatory-*.tmp";

    // EBUSY: the file is a mount of its own, as a container's often are.
    private const int MountPoint = 16;

    private readonly string _option;
    private readonly OutputPlace _place;

    private OutputFile(string option, string path, OutputPlace place) => (_option, Path, _place) = (option, path, place);

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
            OutputPlace place = OutputPlace.Find(path);
            place.RequireWritable();
            return new OutputFile(option, path, place);
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
        foreach ((string name, string path) in inputs) taken.TryAdd(OutputPlace.Find(path).Identity, $"the input {name}");
        foreach (OutputFile output in outputs)
        {
            if (output.IsStream) continue;
            if (!taken.TryAdd(output._place.Identity, $"{output._option} '{output.Path}'"))
                throw new UsageException(
                    $"{output._option} '{output.Path}' is the same file as {taken[output._place.Identity]}; give each its own.");
        }
    }

    /// <summary>True for what has no content to replace: a device, a pipe, an open descriptor.</summary>
    public bool IsStream => _place.IsStream;

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
            if (_place.StandardStream() is { } standard) return standard;
            FileMode mode = IsStream ? FileMode.Open : FileMode.Create;
            // No buffer: records are collected before they are written here.
            return new FileStream(_place.Path, mode, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
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
        if (IsStream) throw new InvalidOperationException($"'{Path}' cannot be rotated.");
        try
        {
            if (new FileInfo(_place.Path) is not { Exists: true, Length: > 0 } full) return OpenStream();
            UnixFileMode mode = full.UnixFileMode;
            for (int number = kept; number > 1; number--)
            {
                if (File.Exists(Aside(number - 1))) File.Move(Aside(number - 1), Aside(number), overwrite: true);
            }

            File.Move(_place.Path, Aside(1), overwrite: true);
            Stream next = OpenStream();
            if (next is FileStream file) File.SetUnixFileMode(file.SafeFileHandle, mode);
            return next;
        }
        catch (Exception problem) when (IsRefusal(problem))
        {
            throw Failed(problem);
        }
    }

    private string Aside(int number) => string.Create(CultureInfo.InvariantCulture, $"{_place.Path}.{number}");

    private OutputFailedException Failed(Exception problem) =>
        new($"{_option} '{Path}' could not be written: {Reason(problem)}", problem);

    private void Replace(Action<Stream> write)
    {
        FileStream beside;
        try
        {
            beside = _place.CreateBeside(FileOptions.None);
        }
        catch (Exception refused) when (File.Exists(_place.Path) && IsRefusal(refused))
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

            File.Move(beside.Name, _place.Path, overwrite: true);
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
        if (FileStatus.Read(_place.Path) is not { } old) return;
        // Owner first: changing it may take bits of the mode away.
        old.TryGiveTo(beside.SafeFileHandle);
        File.SetUnixFileMode(beside.SafeFileHandle, File.GetUnixFileMode(_place.Path));
    }

    private static bool IsRefusal(Exception problem) =>
        problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    private static string Reason(Exception problem) => problem.Message.TrimEnd('.') + ".";
}
