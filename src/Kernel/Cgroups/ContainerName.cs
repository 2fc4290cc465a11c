using System.Buffers;

namespace Observatory.Kernel;

/// <summary>The container or service that a process runs in, as the path of its control group tells.</summary>
public static class ContainerName
{
    private const int IdLength = 64;
    private const int ShownLength = 12;
    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    /// <summary>Reads it. Readable by every uid.</summary>
    /// <param name="process">The process.</param>
    /// <param name="procRoot">Where procfs is mounted.</param>
    /// <returns>Empty when the process is in none, is gone, or its group is hidden by a namespace.</returns>
    public static string Read(int process, string procRoot = "/proc") =>
        KernelText.TryRead($"{procRoot}/{process}/cgroup", out string text) ? Parse(text) : "";

    /// <summary>
    /// Parses the text of /proc/PID/cgroup; cgroups(7). Docker, containerd, CRI-O and Podman put the container's id of 64
    /// hexadecimal digits into the path, alone or as in <c>docker-ID.scope</c>; systemd puts the name of the service there.
    /// </summary>
    /// <returns><c>container 0123456789ab</c>, <c>cron.service</c>, or nothing.</returns>
    public static string Parse(string text)
    {
        string service = "";
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            int path = line.IndexOf(":/", StringComparison.Ordinal);
            if (path < 0) continue;
            foreach (Range range in line[(path + 1)..].Split('/'))
            {
                ReadOnlySpan<char> name = line[(path + 1)..][range];
                if (IdOf(name) is { Length: > 0 } id) return $"container {id}";
                if (name.EndsWith(".service", StringComparison.Ordinal)) service = name.ToString();
            }
        }

        return service;
    }

    private static string IdOf(ReadOnlySpan<char> name)
    {
        if (name.EndsWith(".scope", StringComparison.Ordinal)) name = name[..^".scope".Length];
        if (name.LastIndexOf('-') is >= 0 and var dash) name = name[(dash + 1)..];
        bool isId = name.Length == IdLength && !name.ContainsAnyExcept(Hexadecimal);
        return isId ? name[..ShownLength].ToString() : "";
    }
}
