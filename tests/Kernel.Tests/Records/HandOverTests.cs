using CsCheck;

namespace Observatory.Kernel.Tests;

public sealed class HandOverTests
{
    private static readonly Gen<byte[]> AnyRecord = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 1], Gen.Int[-1, 4]).Select((kind, cpu, thread) => kind switch
    {
        0 or 1 => RecordBytes.SwitchIn(7, cpu, thread, thread),
        2 => RecordBytes.SwitchOut(7, cpu, thread, thread),
        3 => RecordBytes.Preempted(7, cpu, thread, thread),
        4 => RecordBytes.Waking(7, cpu, 40, 41, 41, thread),
        _ => RecordBytes.Comm(7, cpu, 40, 41, "sh"),
    });

    [Fact]
    public void Two_records_of_one_CPU_are_handed_over_together()
    {
        Heard heard = Read(0, [RecordBytes.Preempted(5, 1, 40, 41), RecordBytes.SwitchIn(6, 1, 50, 51)]);
        Assert.Equal([(new SwitchRecord(5, 1, 40, 41, true, true), new SwitchRecord(6, 1, 50, 51, false, false))], heard.HandOvers);
        Assert.Equal(2, heard.Records);
    }

    [Theory]
    [InlineData(0, 1, 40, "another CPU's")]
    [InlineData(1, 0, 48, "a record of a later kernel, which has more in it")]
    public void A_switch_that_only_looks_like_the_other_half_is_told_alone(int cpu, int secondCpu, int bytes, string because)
    {
        byte[] longer = new byte[bytes];
        byte[] second = RecordBytes.SwitchIn(6, bytes == 40 ? secondCpu : cpu, 50, 51);
        second.AsSpan(0, 16).CopyTo(longer);
        second.AsSpan(16).CopyTo(longer.AsSpan(bytes - 24));
        longer[6] = (byte)bytes;
        Heard heard = Read(0, [RecordBytes.SwitchOut(5, cpu, 40, 41), longer]);
        Assert.Empty(heard.HandOvers);
        Assert.True(heard.Lines.Count == 2, because);
    }

    [Fact]
    public void It_is_the_same_as_one_by_one_wherever_the_ring_ends() => Gen.Select(AnyRecord.Array[0, 60], Gen.Int[0, 12]).Sample(
        (records, words) =>
        {
            ulong start = (ulong)(8192 - (8 * words));
            Heard together = Read(start, records);
            SimulatedRing ring = Write(start, records);
            var alone = new Heard();
            var dispatcher = new RecordDispatcher(new WakingDecoder(RecordBytes.WokenIdOffset), new ThreadIdMap(true));
            RingCursor cursor = new(ring.Data, ring.Tail, ring.Head, new byte[PerfRecord.MaximumBytes]);
            while (cursor.TryRead(out PerfRecord record)) dispatcher.Dispatch(record, alone);
            Assert.Equal(alone.Lines, together.Lines);
            Assert.Equal(records.Length, together.Records);
        },
        iter: 3_000);

    private static Heard Read(ulong start, byte[][] records)
    {
        SimulatedRing ring = Write(start, records);
        var heard = new Heard();
        var dispatcher = new RecordDispatcher(new WakingDecoder(RecordBytes.WokenIdOffset), new ThreadIdMap(true));
        RingCursor cursor = new(ring.Data, ring.Tail, ring.Head, new byte[PerfRecord.MaximumBytes]);
        while (dispatcher.DispatchNext(ref cursor, heard) is > 0 and var read) heard.Records += read;
        Assert.Equal(ring.Head, cursor.Position);
        return heard;
    }

    private static SimulatedRing Write(ulong start, byte[][] records)
    {
        SimulatedRing ring = new(8192, start);
        foreach (byte[] record in records) ring.Append(record);
        return ring;
    }

    private sealed class Heard : ISchedulerRecordHandler
    {
        public List<string> Lines { get; } = [];

        public List<(SwitchRecord Left, SwitchRecord Came)> HandOvers { get; } = [];

        public int Records { get; set; }

        public void OnHandOver(in SwitchRecord left, in SwitchRecord came)
        {
            HandOvers.Add((left, came));
            OnSwitch(left);
            OnSwitch(came);
        }

        public void OnSwitch(in SwitchRecord r) => Lines.Add($"{r}");

        public void OnWaking(in WakingRecord r) => Lines.Add($"{r}");

        public void OnLost(in LostRecord r) => Lines.Add($"{r}");

        public void OnComm(in CommRecord r) => Lines.Add($"{r}");
    }
}
