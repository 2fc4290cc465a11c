using System.Globalization;
using System.Text;

namespace Observatory.Kernel;

/// <summary>The CPUs that are online, whatever part of them an affinity mask or a quota leaves to this process.</summary>
public static class OnlineCpus
{
    internal const string Path = "/sys/devices/system/cpu/online";

    /// <summary>Reads the kernel's list, or where sysfs is not mounted, which CPUs /proc/stat has lines of.</summary>
    /// <param name="cpus">Their numbers, ascending.</param>
    /// <param name="list">Where the list is.</param>
    /// <returns>False when neither can be read.</returns>
    public static bool TryRead(out int[] cpus, string list = Path)
    {
        if (KernelText.TryRead(list, out string text) && CpuList.TryParse(text, out cpus) && cpus.Length > 0) return true;
        cpus = KernelText.TryRead("/proc/stat", out string stat) ? [.. LinesOf(stat)] : [];
        return cpus.Length > 0;
    }

    /// <returns>Their numbers, ascending.</returns>
    /// <exception cref="KernelAccessException">The list cannot be read.</exception>
    public static int[] Read() =>
        TryRead(out int[] cpus)
            ? cpus
            : throw new KernelAccessException(
                KernelAccessFailure.NotSupported, $"{Path} lists no CPUs", "mount -t sysfs sysfs /sys");

    /// <summary>The line without a number is the sum of the others.</summary>
    private static IEnumerable<int> LinesOf(string stat)
    {
        foreach (string line in stat.Split('\n').TakeWhile(line => line.StartsWith("cpu", StringComparison.Ordinal)))
        {
            if (int.TryParse(line.AsSpan(3, line.IndexOf(' ', StringComparison.Ordinal) - 3), out int cpu)) yield return cpu;
        }
    }
}

/// <summary>The CPUs that are online, to be asked again and again: the list stays open, and is parsed where it has changed.</summary>
/// <remarks>For one thread at a time.</remarks>
internal sealed class OnlineCpuList : IDisposable
{
    private readonly CounterFile? _list = CounterFile.Open(OnlineCpus.Path);
    private readonly byte[] _known = new byte[CounterFile.BufferBytes];
    private int _knownBytes;
    private int[] _cpus = [];

    /// <returns>Their numbers, ascending: the same array as before where none has come or gone.</returns>
    /// <exception cref="KernelAccessException">The list cannot be read.</exception>
    public int[] Read()
    {
        Span<byte> buffer = stackalloc byte[CounterFile.BufferBytes];
        ReadOnlySpan<byte> text = _list is null ? [] : _list.Read(buffer);
        // Where there is no room for all of it, what is missing may have changed.
        bool isWhole = text.Length > 0 && text.Length < buffer.Length;
        if (isWhole && text.SequenceEqual(_known.AsSpan(0, _knownBytes))) return _cpus;
        text.CopyTo(_known);
        _knownBytes = text.Length;
        _cpus = isWhole && CpuList.TryParse(Encoding.ASCII.GetString(text), out int[] cpus) && cpus.Length > 0 ? cpus : OnlineCpus.Read();
        return _cpus;
    }

    /// <inheritdoc />
    public void Dispose() => _list?.Dispose();
}

/// <summary>Parses the kernel's list format, as in <c>0-1,4</c>.</summary>
/// <remarks>Documentation/admin-guide/cputopology.rst; bitmap_parselist() in lib/bitmap-str.c.</remarks>
internal static class CpuList
{
    /// <returns>False for text that is not such a list. An empty list is one.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out int[] cpus)
    {
        cpus = [];
        SortedSet<int> parsed = [];
        text = text.Trim();
        foreach (Range part in text.Split(','))
        {
            if (!text[part].IsEmpty && !TryAddRange(text[part], parsed)) return false;
        }

        cpus = [.. parsed];
        return true;
    }

    private static bool TryAddRange(ReadOnlySpan<char> range, SortedSet<int> cpus)
    {
        int dash = range.IndexOf('-');
        if (!int.TryParse(dash < 0 ? range : range[..dash], out int first)) return false;
        if (!int.TryParse(dash < 0 ? range : range[(dash + 1)..], out int last)) return false;
        // More CPUs than any kernel is built for is a damaged text, not a list to fill memory with.
        if (first < 0 || last < first || last > ushort.MaxValue) return false;
        for (int cpu = first; cpu <= last; cpu++) cpus.Add(cpu);
        return true;
    }
}

/// <summary>What the first processor is called; proc_cpuinfo(5).</summary>
public static class ProcessorModel
{
    /// <summary>Reads <c>/proc/cpuinfo</c>; null when it names none, as on some that are not x86.</summary>
    public static string? Read(CgroupFiles files) => (files.Read("proc/cpuinfo") ?? "")
        .Split('\n')
        .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
        .Where(fields => fields is ["model name", { Length: > 0 }])
        .Select(fields => fields[1])
        .FirstOrDefault();
}

/// <summary>The caches of the first CPU as sysfs lists them, in bytes; null where it does not say.</summary>
/// <remarks>Documentation/ABI/testing/sysfs-devices-system-cpu.</remarks>
public readonly record struct CpuCaches(long? L1d, long? L2, long? L3)
{
    private const string Folder = "sys/devices/system/cpu/cpu0/cache";

    /// <param name="files">Files below a root.</param>
    public static CpuCaches Read(CgroupFiles files)
    {
        Dictionary<string, long?> sizes = [];
        for (int index = 0; ReadIndex(files, index, "level") is { } level; index++)
        {
            string type = ReadIndex(files, index, "type") ?? "";
            if (type != "Instruction") sizes.TryAdd(level, ParseSize(ReadIndex(files, index, "size")));
        }

        return new CpuCaches(sizes.GetValueOrDefault("1"), sizes.GetValueOrDefault("2"), sizes.GetValueOrDefault("3"));
    }

    // The kernel writes kibibytes: 1024K.
    private static long? ParseSize(string? size) =>
        size is [.., 'K'] && long.TryParse(size[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long kibibytes)
            && kibibytes > 0
            ? kibibytes * 1024
            : null;

    private static string? ReadIndex(CgroupFiles files, int index, string name) =>
        files.Read($"{Folder}/index{index}/{name}")?.Trim();
}
