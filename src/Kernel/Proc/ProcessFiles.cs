namespace Observatory.Kernel;

/// <summary>The text files of /proc/PID, which come and go with the process and may be closed to us; proc_pid(5).</summary>
public static class ProcessFiles
{
    /// <summary>The text of a file; null when the process is gone or the file may not be read.</summary>
    /// <param name="process">The process.</param>
    /// <param name="file">Its name: status, maps, environ.</param>
    public static string? TryRead(int process, string file)
    {
        string? text = TryRead($"/proc/{process}/{file}");
        return text is { Length: > 0 } ? text : TryRead($"{FolderOf(process)}/{file}") ?? text;
    }

    /// <summary>The items of a file that separates them by zero bytes (cmdline, environ); none when it cannot be read.</summary>
    /// <param name="process">The process.</param>
    /// <param name="file">Its name.</param>
    public static string[] ReadItems(int process, string file) =>
        (TryRead(process, file) ?? "").Split('\0', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// Where a process's own view of things is to be found: /proc/PID, or, when its main thread has ended and left nothing
    /// there, the folder of another thread.
    /// </summary>
    public static string FolderOf(int process)
    {
        string main = $"/proc/{process}";
        if (HasMaps(main)) return main;
        return ProcessThreads.List(process).Select(thread => $"{main}/task/{thread}").FirstOrDefault(HasMaps, main);
    }

    /// <summary>The processes there are now, by id; those that are hidden left out.</summary>
    public static IReadOnlyList<int> Processes()
    {
        List<int> processes = [];
        foreach (string path in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(path.AsSpan()), out int id)) processes.Add(id);
        }

        return processes;
    }

    private static bool HasMaps(string folder) => TryRead(folder + "/maps") is { Length: > 0 };

    private static string? TryRead(string path) => KernelText.TryRead(path, out string text) ? text : null;
}
