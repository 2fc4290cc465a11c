using CsCheck;

namespace Observatory.Kernel.Tests;

public sealed class RingPropertyTests
{
    private const int RingBytes = 4096;

    private static readonly Gen<byte[]> AnyRecord =
        Gen.Select(Gen.Int[1, 60], Gen.UInt[100, 200], Gen.Byte.Array[480]).Select(Compose);

    // Null is the reader taking its turn.
    private static readonly Gen<byte[]?[]> AnyRun =
        Gen.Frequency<byte[]?>((8, AnyRecord.Select(record => (byte[]?)record)), (1, Gen.Const(() => (byte[]?)null)))
            .Array[0, 120];

    private static readonly Gen<ulong> AnyStart =
        Gen.OneOf(Gen.ULong[0, 4 * RingBytes], Gen.ULong[ulong.MaxValue - RingBytes, ulong.MaxValue])
            .Select(at => at / 8 * 8);

    [Fact]
    public void What_is_written_is_read_back_in_order_or_counted_as_lost() =>
        Gen.Select(AnyStart, AnyRun).Sample((start, run) =>
        {
            SimulatedRing ring = new(RingBytes, start);
            List<byte[]> accepted = [], read = [];
            foreach (byte[]? record in run)
            {
                if (record is null) read.AddRange(ring.Drain());
                else if (ring.TryWrite(record)) accepted.Add(record);
            }

            read.AddRange(ring.Drain());
            long lost = read.Where(IsLost).Sum(CountOf) + ring.PendingLost;
            byte[][] kept = [.. read.Where(record => !IsLost(record))];
            Assert.Equal(accepted, kept);
            Assert.Equal(run.Count(record => record is not null), kept.Length + lost);
        });

    private static byte[] Compose(int words, uint type, byte[] body)
    {
        byte[] record = RecordBytes.Record(type, misc: 0, size: 8 * words);
        body.AsSpan(0, record.Length - 8).CopyTo(record.AsSpan(8));
        return record;
    }

    private static bool IsLost(byte[] record) => new PerfRecord(record).Type == PerfRecordType.Lost;

    private static long CountOf(byte[] record)
    {
        Assert.True(LostDecoder.TryDecode(new PerfRecord(record), isOfThread: false, out LostRecord lost));
        return lost.Count;
    }
}
