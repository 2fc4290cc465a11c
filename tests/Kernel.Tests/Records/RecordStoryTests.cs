using static Observatory.Kernel.Tests.RecordBytes;

namespace Observatory.Kernel.Tests;

public sealed class RecordStoryTests
{
    private readonly RecordDispatcher _dispatcher = new(new WakingDecoder(WokenIdOffset), new ThreadIdMap(true));
    private readonly RecordStory _story = new();

    [Fact]
    public void A_thread_comes() => Tells(SwitchIn(1_000, 0, 40, 41), "1000 cpu0 40/41 in");

    [Fact]
    public void A_thread_leaves_to_wait() => Tells(SwitchOut(2_000, 1, 40, 41), "2000 cpu1 40/41 out");

    [Fact]
    public void A_thread_loses_its_cpu() => Tells(Preempted(3_000, 1, 40, 41), "3000 cpu1 40/41 preempted");

    [Fact]
    public void The_last_record_of_an_exiting_thread_has_no_id() =>
        Tells(SwitchOut(4_000, 3, -1, -1), "4000 cpu3 -1/-1 out");

    [Fact]
    public void The_preempt_bit_means_nothing_when_a_thread_comes()
    {
        byte[] record = SwitchIn(1, 0, 40, 41);
        record[5] = 0x40;
        Tells(record, "1 cpu0 40/41 in");
    }

    [Fact]
    public void A_thread_is_woken() => Tells(Waking(5_000, 2, 40, 41, 41, 52), "5000 cpu2 40/41 wakes 52");

    [Fact]
    public void The_idle_thread_wakes_in_an_interrupt() =>
        Tells(Waking(5_000, 2, 0, 0, 0, 52), "5000 cpu2 0/0 wakes 52");

    [Fact]
    public void Times_above_32_bits_and_large_cpu_numbers_survive() =>
        Tells(SwitchIn(9_000_000_000_000, 1023, 4_194_303, 4_194_302), "9000000000000 cpu1023 4194303/4194302 in");

    [Theory]
    [InlineData("sh")]
    [InlineData("seven..")]
    [InlineData("eight...")]
    [InlineData("fifteen bytes..")]
    [InlineData("")]
    [InlineData("k\u00e4se")]
    public void A_thread_takes_a_name(string name) =>
        Tells(Comm(5_500, 1, 40, 41, name), $"5500 cpu1 40/41 is '{name}'");

    [Fact]
    public void A_thread_that_runs_a_new_program_takes_its_name() =>
        Tells(Comm(5_500, 1, 40, 40, "true", misc: 0x2000), "5500 cpu1 40/40 is 'true' by exec");

    [Fact]
    public void A_thread_begins() => Tells(Fork(5_600, 0, 40, 52, 40, 41), "5600 cpu0 40/41 begins 40/52");

    [Fact]
    public void A_process_begins() => Tells(Fork(5_600, 0, 60, 60, 40, 41), "5600 cpu0 40/41 begins 60/60");

    [Fact]
    public void A_thread_ends() => Tells(Exit(5_700, 1, 40, 52, 1, 1), "5700 cpu1 40/52 ends");

    [Fact]
    public void Losses_are_told_and_summed()
    {
        Tells(Lost(6_000, 1, 12), "6000 cpu1 lost 12");
        Dispatch(Lost(7_000, 0, 30));
        Assert.Equal(42, _dispatcher.LostTotal);
    }

    [Fact]
    public void Other_types_are_skipped()
    {
        Dispatch(Record(type: 5, misc: 0, size: 64));
        Dispatch(Record(type: 9_999, misc: 0, size: 8));
        Assert.Empty(_story.Lines);
        Assert.Equal(0, _dispatcher.MalformedTotal);
    }

    [Fact]
    public void A_record_that_is_too_short_is_counted_and_not_read()
    {
        byte[][] whole = [SwitchIn(1, 0, 40, 41), Lost(1, 0, 1), Waking(1, 0, 40, 41, 41, 52), Fork(1, 0, 40, 52, 40, 41)];
        foreach (byte[] record in whole)
        {
            for (int size = PerfRecord.HeaderBytes; size < record.Length; size += 8)
            {
                byte[] cut = record[..size];
                cut[6] = (byte)size;
                Dispatch(cut);
            }
        }

        Assert.Empty(_story.Lines);
        Assert.Equal(4 + 5 + 8 + 6, _dispatcher.MalformedTotal);
    }

    [Fact]
    public void A_raw_size_beyond_the_record_is_not_believed()
    {
        byte[] record = Waking(1, 0, 40, 41, 41, 52);
        record[33] = 0xFF;
        Dispatch(record);
        Assert.Empty(_story.Lines);
        Assert.Equal(1, _dispatcher.MalformedTotal);
    }

    [Fact]
    public void In_a_container_the_woken_id_is_translated_once_it_is_known()
    {
        RecordDispatcher contained = new(new WakingDecoder(WokenIdOffset), new ThreadIdMap(isInitialNamespace: false));
        contained.Dispatch(new PerfRecord(Waking(1, 0, 10, 11, 7011, 7012)), _story);
        contained.Dispatch(new PerfRecord(Waking(2, 1, 10, 12, 7012, 7011)), _story);
        contained.Dispatch(new PerfRecord(Waking(3, 0, 10, 11, 7011, 7012)), _story);
        Assert.Equal(["1 cpu0 10/11 wakes 0", "2 cpu1 10/12 wakes 11", "3 cpu0 10/11 wakes 12"], _story.Lines);
    }

    private void Tells(byte[] record, string line)
    {
        Dispatch(record);
        Assert.Equal(line, _story.Lines[^1]);
    }

    private void Dispatch(byte[] record) => _dispatcher.Dispatch(new PerfRecord(record), _story);
}

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

/// <summary>Writes every record down as one line.</summary>
internal sealed class RecordStory : ISchedulerRecordHandler
{
    public List<string> Lines { get; } = [];

    public void OnSwitch(in SwitchRecord r) =>
        Lines.Add($"{r.Time} cpu{r.Cpu} {r.ProcessId}/{r.ThreadId} {Direction(r)}");

    public void OnWaking(in WakingRecord r) =>
        Lines.Add($"{r.Time} cpu{r.Cpu} {r.WakerProcessId}/{r.WakerThreadId} wakes {r.WokenThreadId}");

    public void OnLost(in LostRecord r) => Lines.Add(
        $"{r.Time} cpu{r.Cpu} lost {r.Count}" + (r.ThreadId == LostRecord.OfAnyThread ? "" : $" of {r.ThreadId}"));

    public void OnComm(in CommRecord r) => Lines.Add($"{r.Time} cpu{r.Cpu} {r.ProcessId}/{r.ThreadId} is '{r.Name}'{(r.IsExec ? " by exec" : "")}");

    public void OnFork(in ForkRecord r) => Lines.Add(
        $"{r.Time} cpu{r.Cpu} {r.ParentProcessId}/{r.ParentThreadId} begins {r.ProcessId}/{r.ThreadId}");

    public void OnExit(in ExitRecord r) => Lines.Add($"{r.Time} cpu{r.Cpu} {r.ProcessId}/{r.ThreadId} ends");

    public void OnPageFaults(in PageFaultsRecord r) => Lines.Add(
        $"{r.Time} cpu{r.Cpu} {r.ProcessId}/{r.ThreadId} {r.Count} {(r.IsMajor ? "major" : "minor")}");

    private static string Direction(in SwitchRecord r) =>
        !r.IsSwitchOut ? "in" : r.IsPreempted ? "preempted" : "out";
}
