using System.Buffers.Binary;

namespace Observatory.Kernel.Tests;

[Collection(RealKernel.Name)]
public sealed class HardwareCountersTests
{
    [Fact]
    public void A_group_that_was_always_counted_is_given_as_it_is() =>
        Assert.Equal(new HardwareCounts(900, 1_800, 70, 3, 1), Decode(4, 5_000, 5_000, 900, 1_800, 70, 3));

    [Fact]
    public void A_group_that_shared_the_counters_is_scaled() =>
        Assert.Equal(new HardwareCounts(3_600, 7_200, 280, 12, 0.25), Decode(4, 20_000, 5_000, 900, 1_800, 70, 3));

    [Fact]
    public void Large_numbers_do_not_overflow()
    {
        const long Day = 86_400_000_000_000;
        HardwareCounts counts = Decode(4, 300 * Day, 100 * Day, 1_000 * Day, 0, 0, 0)!.Value;
        Assert.Equal(3_000 * Day, counts.Cycles);
    }

    [Fact]
    public void A_thread_that_has_not_run_has_counted_nothing() =>
        Assert.Equal(new HardwareCounts(0, 0, 0, 0, 1), Decode(4, 0, 0, 0, 0, 0, 0));

    [Fact]
    public void A_group_that_found_no_counter_is_unknown_and_not_zero() =>
        Assert.Null(Decode(4, 5_000, 0, 0, 0, 0, 0));

    [Fact]
    public void Other_bytes_are_refused()
    {
        Assert.Null(Decode(3, 1, 1, 1, 1, 1, 1));
        Assert.Null(Decode(4, 1, 1, 1, 1, 1));
    }

    [Fact]
    public void They_count_or_say_in_one_line_why_not()
    {
        int before = RealKernel.OpenPerfEvents();
        if (HardwareCounters.TryOpen(0, out HardwareCounters? counters, out string reason))
        {
            Assert.Empty(reason);
            Assert.True(counters.Read() is not { } counts || counts.Cycles > 0);
            counters.Dispose();
        }
        else
        {
            Assert.Null(counters);
            Assert.NotEmpty(reason);
            Assert.DoesNotContain('\n', reason);
        }

        Assert.Equal(before, RealKernel.OpenPerfEvents());
    }

    [Fact]
    public void Here_the_probe_and_the_counters_agree_about_a_machine_without_any()
    {
        KernelFinding finding = new EventFindings().HardwareCounters();
        if (finding.IsOk) Assert.Skip("needs a machine without hardware counters");
        Assert.False(HardwareCounters.TryOpen(0, out _, out string reason));
        Assert.Contains("cycles", reason, StringComparison.Ordinal);
    }

    private static HardwareCounts? Decode(params long[] words)
    {
        byte[] bytes = new byte[words.Length * sizeof(long)];
        for (int i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), words[i]);
        return GroupReadDecoder.TryDecode(bytes, out HardwareCounts counts) ? counts : null;
    }
}
