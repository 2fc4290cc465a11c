using static Observatory.Kernel.Tests.RecordBytes;

namespace Observatory.Kernel.Tests;

public sealed class ThreadRecordStoryTests
{
    private readonly RecordDispatcher _dispatcher = new(new FaultDecoder(minorPeriod: 64));
    private readonly RecordStory _story = new();

    [Fact]
    public void It_comes() => Tells(ThreadSwitch(0, 1_000, 0, 40, 41), "1000 cpu0 40/41 in");

    [Fact]
    public void It_leaves_to_wait() => Tells(ThreadSwitch(0x2000, 2_000, 1, 40, 41), "2000 cpu1 40/41 out");

    [Fact]
    public void It_loses_its_cpu() => Tells(ThreadSwitch(0x6000, 3_000, 1, 40, 41), "3000 cpu1 40/41 preempted");

    [Fact]
    public void A_period_of_minor_faults_is_one_record() =>
        Tells(MinorFaults(4_000, 1, 40, 41), "4000 cpu1 40/41 64 minor");

    [Fact]
    public void A_major_fault_is_one_record() => Tells(MajorFault(5_000, 1, 40, 41), "5000 cpu1 40/41 1 major");

    [Fact]
    public void A_loss_is_its_own_and_no_one_elses() => Tells(Lost(6_000, 1, 12), "6000 cpu1 lost 12 of 501");

    [Fact]
    public void A_sample_that_was_not_asked_for_is_counted_and_not_read()
    {
        RecordDispatcher withoutFaults = new(faults: null);
        foreach (byte[] record in (byte[][])[Waking(1, 0, 40, 41, 41, 52), MinorFaults(1, 0, 40, 41)])
            withoutFaults.Dispatch(new PerfRecord(record), _story);
        Assert.Empty(_story.Lines);
        Assert.Equal(2, withoutFaults.MalformedTotal);
    }

    private void Tells(byte[] record, string line)
    {
        _dispatcher.Dispatch(new PerfRecord(record), _story);
        Assert.Equal([line], _story.Lines);
    }
}
