namespace Observatory.Kernel.Tests;

public sealed class MachineMemoryTests
{
    [Fact]
    public void Available_is_in_kibibytes() => Assert.Equal(
        24196648L * 1024,
        MachineMemory.ParseAvailable("MemTotal:       24683612 kB\nMemAvailable:   24196648 kB\nBuffers: 2 kB\n"));

    [Theory]
    [InlineData("")]
    [InlineData("MemTotal:       24683612 kB\n")]
    [InlineData("MemAvailable: many kB\n")]
    public void Absent_or_unreadable_is_null(string text) => Assert.Null(MachineMemory.ParseAvailable(text));
}
