using CsCheck;

namespace Observatory.Kernel.Tests;

/// <summary>
/// Bytes that no kernel writes, in a ring: every record is told, counted as malformed or given up with the rest of the ring;
/// nothing is read beyond it, and nothing thrown.
/// </summary>
public sealed class MalformedRecordTests
{
    private static readonly Gen<byte[]> Intact = Gen.OneOf(
        Gen.Select(Gen.Long, Gen.Int, Gen.Int, (time, cpu, thread) => RecordBytes.SwitchIn(time, cpu, thread, thread)),
        Gen.Select(Gen.Long, Gen.Int, Gen.Int, (time, cpu, thread) => RecordBytes.Preempted(time, cpu, thread, thread)),
        Gen.Select(Gen.Long, Gen.Int, Gen.Long, RecordBytes.Lost),
        Gen.Select(Gen.Long, Gen.Int, Gen.Int, (time, cpu, thread) => RecordBytes.Waking(time, cpu, thread, thread, thread, thread)),
        Gen.Select(Gen.Long, Gen.Int, Gen.Int, Gen.String[0, 40], (time, cpu, thread, name) => RecordBytes.Comm(time, cpu, thread, thread, name)),
        Gen.Select(Gen.Long, Gen.Int, Gen.Int, (time, cpu, thread) => RecordBytes.Fork(time, cpu, thread, thread, thread, thread)),
        Gen.Select(Gen.Long, Gen.Int, Gen.Int, (time, cpu, thread) => RecordBytes.Exit(time, cpu, thread, thread, thread, thread)),
        Gen.Select(Gen.Long, Gen.Int, Gen.Int, (time, cpu, thread) => RecordBytes.MajorFault(time, cpu, thread, thread)));

    // Any type, also of later kernels, and any length, also too short for its type.
    private static readonly Gen<byte[]> Foreign = Gen.Select(
        Gen.UInt[0, 40], Gen.UShort, Gen.Int[1, 12], Gen.Byte.Array[100],
        (type, misc, eights, bytes) =>
        {
            byte[] record = RecordBytes.Record(type, misc, eights * 8);
            bytes.AsSpan(0, record.Length - 8).CopyTo(record.AsSpan(8));
            return record;
        });

    private static readonly Gen<byte[][]> Records = Gen.OneOf(Intact, Foreign).Array[1, 40];

    [Fact]
    public void Any_records_are_told_or_counted() => Records.Sample(
        records =>
        {
            (List<string> told, long malformed, int read, bool isCorrupt) = Read(records);
            Assert.False(isCorrupt);
            Assert.Equal(records.Length, read);
            // One of a later type is neither.
            Assert.True(told.Count + malformed <= records.Length);
        },
        iter: 5_000,
        threads: 1);

    [Fact]
    public void Of_damaged_records_those_before_the_damage_are_told_as_ever() => Gen.Select(Intact.Array[2, 20], Gen.Int, Gen.Byte, Gen.Bool).Sample(
        (records, place, value, inHeader) =>
        {
            List<string> whole = Read(records).Told;
            int damaged = Math.Abs(place % records.Length);
            int at = inHeader ? 6 + (place & 1) : Math.Abs(place / 64 % records[damaged].Length);
            byte[][] copy = [.. records.Select(record => (byte[])record.Clone())];
            copy[damaged][at] = value;
            (List<string> told, long _, int read, bool isCorrupt) = Read(copy);
            Assert.True(isCorrupt || read > 0);
            Assert.Equal(whole.Take(damaged), told.Take(damaged));
        },
        iter: 5_000,
        threads: 1);

    private static (List<string> Told, long Malformed, int Read, bool IsCorrupt) Read(byte[][] records)
    {
        // Begins shortly before the end, so that one of the first wraps.
        SimulatedRing ring = new(8192, 8192 - 48);
        foreach (byte[] record in records) ring.Append(record);
        var dispatcher = new RecordDispatcher(new WakingDecoder(RecordBytes.WokenIdOffset), new ThreadIdMap(true), new FaultDecoder(1));
        var told = new Told();
        int read = 0;
        RingCursor cursor = new(ring.Data, ring.Tail, ring.Head, new byte[PerfRecord.MaximumBytes]);
        while (dispatcher.DispatchNext(ref cursor, told) is > 0 and var more) read += more;

        Assert.Equal(ring.Head, cursor.Position);
        return (told.Lines, dispatcher.MalformedTotal, read, cursor.IsCorrupt);
    }

    private sealed class Told : ISchedulerRecordHandler
    {
        public List<string> Lines { get; } = [];

        public void OnSwitch(in SwitchRecord r) => Lines.Add($"{r}");

        public void OnWaking(in WakingRecord r) => Lines.Add($"{r}");

        public void OnLost(in LostRecord r) => Lines.Add($"{r}");

        public void OnComm(in CommRecord r) => Lines.Add($"{r}");

        public void OnFork(in ForkRecord r) => Lines.Add($"{r}");

        public void OnExit(in ExitRecord r) => Lines.Add($"{r}");

        public void OnPageFaults(in PageFaultsRecord r) => Lines.Add($"{r}");
    }
}
