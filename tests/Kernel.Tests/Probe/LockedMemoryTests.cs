namespace Observatory.Kernel.Tests;

public sealed class LockedMemoryTests
{
    private const int Page = 4096;

    private const string Limits = """
        Limit                     Soft Limit           Hard Limit           Units
        Max locked memory         8388608              8388608              bytes
        Max address space         unlimited            unlimited            bytes
        """;

    private const string NoCapability = "Name:\tx\nCapEff:\t0000000000000000\n";
    private const string IpcLock = "Name:\tx\nCapEff:\t0000000000004000\n";

    [Fact]
    public void The_limit_and_what_each_user_has_are_added_up()
    {
        LockedMemory memory = LockedMemory.Parse(Limits, NoCapability, "516\n", onlineCpus: 2, Page)!;
        Assert.Equal(new LockedMemory(8 << 20, 2 * 516 << 10, IsPrivileged: false, Page), memory);
        // A ring of 32 KiB and a page for its positions.
        Assert.Equal(((8 << 20) + (2 * 516 << 10)) / (36 << 10), memory.RoomFor(32 << 10));
        Assert.Contains("RLIMIT_MEMLOCK 8192 KiB, and 1032 KiB", memory.Describe(32 << 10), StringComparison.Ordinal);
    }

    [Fact]
    public void Cap_ipc_lock_lifts_both() =>
        Assert.Equal(long.MaxValue, LockedMemory.Parse(Limits, IpcLock, "516\n", onlineCpus: 2, Page)!.RoomFor(32 << 10));

    [Fact]
    public void Unlimited_is_no_limit()
    {
        string limits = Limits.Replace("8388608 ", "unlimited ", StringComparison.Ordinal);
        Assert.True(LockedMemory.Parse(limits, NoCapability, "516\n", onlineCpus: 2, Page)!.IsUnlimited);
    }

    /// <summary>
    /// The kernel's own default is 512 KiB and a page for each CPU that is online; in pages of 64 KiB neither a ring of half a page
    /// nor half a page of a limit counts.
    /// </summary>
    [Theory]
    [InlineData("0-1,4", 4096, 516, 3 * 516 << 10, (((8 << 20) + (3 * 516 << 10)) / (36 << 10)))]
    [InlineData("0,8-11", 65536, 576, 5 * 576 << 10, (((8 << 20) + (5 * 576 << 10)) / (128 << 10)))]
    [InlineData("0", 65536, 516, 512 << 10, (((8 << 20) + (512 << 10)) / (128 << 10)))]
    public void Each_cpu_that_is_online_adds_whole_pages_and_a_ring_takes_at_least_one(string online, int page, int kilobytes, int shared, long rings)
    {
        Assert.True(CpuList.TryParse(online, out int[] cpus));
        LockedMemory memory = LockedMemory.Parse(Limits, NoCapability, $"{kilobytes}\n", cpus.Length, page)!;
        Assert.Equal((shared, rings), (memory.Shared, memory.RoomFor(32 << 10)));
        Assert.Contains($"{Math.Max(32, page >> 10)} KiB for each of {rings} threads", memory.Describe(32 << 10), StringComparison.Ordinal);
        // A limit that ends within a page.
        string limits = Limits.Replace("8388608 ", $"{(8 << 20) + page - 1} ", StringComparison.Ordinal);
        Assert.Equal(memory, LockedMemory.Parse(limits, NoCapability, $"{kilobytes}\n", cpus.Length, page));
    }

    [Theory]
    [InlineData("", NoCapability, "516")]
    [InlineData(Limits, "", "516")]
    [InlineData(Limits, NoCapability, "")]
    public void What_cannot_be_read_is_not_made_up(string limits, string status, string shared) =>
        Assert.Null(LockedMemory.Parse(limits, status, shared, onlineCpus: 2, Page));

    [Fact]
    public void This_process_has_limits() => Assert.NotNull(LockedMemory.Read("/proc"));
}
