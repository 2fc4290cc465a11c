namespace Observatory.Kernel.Tests;

public sealed class LockedMemoryTests
{
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
        LockedMemory memory = LockedMemory.Parse(Limits, NoCapability, "516\n", cpus: 2)!;
        Assert.Equal(new LockedMemory(8 << 20, 2 * 516 << 10, IsPrivileged: false), memory);
        // A ring of 32 KiB and a page for its positions.
        Assert.Equal(((8 << 20) + (2 * 516 << 10)) / (36 << 10), memory.RoomFor(32 << 10));
        Assert.Contains("RLIMIT_MEMLOCK 8192 KiB, and 1032 KiB", memory.Describe(32 << 10), StringComparison.Ordinal);
    }

    [Fact]
    public void Cap_ipc_lock_lifts_both() =>
        Assert.Equal(long.MaxValue, LockedMemory.Parse(Limits, IpcLock, "516\n", cpus: 2)!.RoomFor(32 << 10));

    [Fact]
    public void Unlimited_is_no_limit()
    {
        string limits = Limits.Replace("8388608 ", "unlimited ", StringComparison.Ordinal);
        Assert.True(LockedMemory.Parse(limits, NoCapability, "516\n", cpus: 2)!.IsUnlimited);
    }

    [Theory]
    [InlineData("", NoCapability, "516")]
    [InlineData(Limits, "", "516")]
    [InlineData(Limits, NoCapability, "")]
    public void What_cannot_be_read_is_not_made_up(string limits, string status, string shared) =>
        Assert.Null(LockedMemory.Parse(limits, status, shared, cpus: 2));

    [Fact]
    public void This_process_has_limits() => Assert.NotNull(LockedMemory.Read("/proc"));
}
