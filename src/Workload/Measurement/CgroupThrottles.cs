namespace Observatory.Workload;

/// <summary>How often the CPU quota of a cgroup around the process ran out: <c>nr_throttled</c> of <c>cpu.stat</c>.</summary>
internal sealed class CgroupThrottles : IDisposable
{
    private readonly List<CounterFile> _files;

    private CgroupThrottles(List<CounterFile> files) => _files = files;

    /// <summary>Without a quota there is nothing to read, and nothing is ever throttled.</summary>
    /// <param name="files">The cgroups.</param>
    /// <returns>Null when there is a quota and no count of what it does.</returns>
    public static CgroupThrottles? Open(CgroupFiles files)
    {
        if (CpuQuota.Read(files) is null) return new CgroupThrottles([]);
        var throttles = new CgroupThrottles(
        [
            .. files.Directories("").Concat(files.Directories("cpu"))
                .Select(directory => CounterFile.Open(Path.Combine(directory, "cpu.stat")))
                .OfType<CounterFile>(),
        ]);
        return throttles._files.Count > 0 ? throttles : null;
    }

    /// <summary>Periods in which some cgroup was throttled.</summary>
    public long Count()
    {
        long sum = 0;
        foreach (CounterFile file in _files) sum += file.Number("nr_throttled "u8) ?? 0;
        return sum;
    }

    public void Dispose() => _files.ForEach(file => file.Dispose());
}
