namespace Observatory.Kernel.Tests;

/// <summary>What the rings of a real kernel lose, and how it is told.</summary>
[Collection(RealKernel.Name)]
public sealed class RecordedLossTests
{
    private static readonly SchedulerRecordingOptions Roomy = new() { RingBytesPerCpu = 16 * 1024 * 1024 };

    public RecordedLossTests() => RealKernel.NeedsKernelTier();

    [Fact]
    public void A_loss_that_no_record_has_told_is_known_although_the_counts_are_read_only_of_rings_found_full()
    {
        RecordLog log = new();
        using SchedulerRecording recording = SchedulerRecording.Open(new() { RingBytesPerCpu = Environment.SystemPageSize });
        if (recording.ReadKernelLostTotal() < 0) Assert.Skip("needs PERF_FORMAT_LOST, Linux 6.0");
        recording.Enable();
        using (PingPong load = new())
        {
            // Undrained, every ring overflows within milliseconds; then nothing may be written any more.
            Assert.True(SpinWait.SpinUntil(() => recording.ReadKernelLostTotal() > 1000, RealKernel.Limit));
            recording.Disable();
        }

        recording.Drain(log);
        long untold = recording.ReadKernelLostTotal() - recording.LostTotal;
        Assert.True(untold > 0, "a ring that stayed full cannot have told its losses");
        Assert.True(recording.HasUntoldLoss);

        long counted = recording.ReadKernelLostTotal();
        recording.Enable();
        log.DrainUntil(recording, () => recording.LostTotal >= counted);
    }

    /// <summary>LOST records are among what is given up, and no later record tells of their losses again.</summary>
    [Fact]
    public void What_was_lost_before_a_ring_was_given_up_is_not_waited_for()
    {
        const int Cpu = 0;
        int page = Environment.SystemPageSize;
        var dispatcher = new RecordDispatcher(faults: null);
        var scratch = new byte[PerfRecord.MaximumBytes];
        using EventRing ring = EventRing.TryOpen([new(PerfEventTemplates.Switches(page / 4), "context switches")], RingSubject.OfCpu(Cpu), page, out _)!;
        if (ring.ReadKernelLost() < 0) Assert.Skip("needs PERF_FORMAT_LOST, Linux 6.0");
        ring.Enable();
        using (PingPong load = new(Cpu, Cpu))
        {
            Assert.True(SpinWait.SpinUntil(() => ring.ReadKernelLost() > 1000, RealKernel.Limit));
        }

        ring.Disable();
        // As if the kernel had written what makes no sense: a record is a multiple of 8 bytes.
        ring.Mapping.Tail -= 4;
        ring.Drain(dispatcher, new RecordLog(), scratch, out bool isCorrupt);

        Assert.True(isCorrupt);
        Assert.True(ring.ReadKernelLost() > dispatcher.LostTotal);
        Assert.False(ring.HasUntoldLoss);
    }

    [Fact]
    public void A_roomy_ring_has_no_untold_loss()
    {
        RecordLog log = new();
        using SchedulerRecording recording = SchedulerRecording.Open(Roomy);
        recording.Enable();
        log.DrainUntil(recording, () => log.Switches.Count > 100);
        if (log.Losses.Count > 0) Assert.Skip("needs a machine quiet enough to lose nothing in 16 MiB");
        Assert.False(recording.HasUntoldLoss);
    }

    [Fact]
    public void What_a_full_ring_loses_is_told_to_the_last_record()
    {
        RecordLog log = new();
        int page = Environment.SystemPageSize;
        using SchedulerRecording recording = SchedulerRecording.Open(new() { RingBytesPerCpu = page });
        if (recording.ReadKernelLostTotal() < 0) Assert.Skip("needs PERF_FORMAT_LOST, Linux 6.0");
        recording.Enable();
        using (PingPong load = new())
        {
            Assert.True(SpinWait.SpinUntil(() => recording.ReadKernelLostTotal() > 1_000, RealKernel.Limit));
        }

        // A loss is told by the next record of its CPU: let each CPU write some, and hold still to compare.
        log.DrainUntil(recording, () =>
        {
            recording.Disable();
            recording.Drain(log);
            bool isEqual = recording.LostTotal == recording.ReadKernelLostTotal();
            if (!isEqual) recording.Enable();
            return isEqual;
        });

        Assert.True(recording.LostTotal > 1_000);
        Assert.Equal(recording.LostTotal, log.Losses.Sum(loss => loss.Count));
        Assert.All(log.Losses, loss => Assert.True(loss.Count > 0));
    }
}
