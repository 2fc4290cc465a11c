namespace Observatory.Kernel.Tests;

public sealed class SchedulerRecordingOptionsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2048)]
    [InlineData(3 * 1024 * 1024)]
    [InlineData(int.MinValue)]
    public void A_ring_is_a_power_of_two_of_at_least_a_page(int bytes) =>
        Assert.Throws<ArgumentException>(() => SchedulerRecording.Open(new() { RingBytesPerCpu = bytes }));
}
