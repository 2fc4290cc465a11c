using System.Buffers.Binary;

namespace Observatory.Kernel;

/// <summary>
/// What read(2) gives of a group: u64 number of events, u64 time enabled, u64 time running, a u64 value per event.
/// </summary>
/// <remarks>struct read_format of perf_event_open(2), with GROUP, TOTAL_TIME_ENABLED and TOTAL_TIME_RUNNING.</remarks>
internal static class GroupReadDecoder
{
    public const int Events = 4;
    public const int Bytes = (3 + Events) * sizeof(long);

    /// <returns>False for other text than that, and for a group that found no counter to run on.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out HardwareCounts counts)
    {
        counts = default;
        if (bytes.Length < Bytes || Word(bytes, 0) != Events) return false;
        (long enabled, long running) = (Word(bytes, 1), Word(bytes, 2));
        if (enabled > 0 && running == 0) return false;

        // A thread that has not run yet has really counted nothing.
        (enabled, running) = enabled == 0 ? (1, 1) : (enabled, running);
        counts = new HardwareCounts(
            Scale(Word(bytes, 3), enabled, running),
            Scale(Word(bytes, 4), enabled, running),
            Scale(Word(bytes, 5), enabled, running),
            Scale(Word(bytes, 6), enabled, running),
            (double)running / enabled);
        return true;
    }

    private static long Scale(long value, long enabled, long running) => (long)((Int128)value * enabled / running);

    private static long Word(ReadOnlySpan<byte> bytes, int index) =>
        BinaryPrimitives.ReadInt64LittleEndian(bytes[(index * sizeof(long))..]);
}
