using CsCheck;
using Observatory.Timeline;

namespace Observatory.Recorder.Tests;

public sealed class EventLogTests
{
    private static readonly Gen<TimelineEvent> Any = Gen.Select(Gen.Int[0, 999], Gen.Bool, (thread, isPacked) => isPacked
        ? TimelineEvent.SwitchIn(new(thread), 1, thread, 7)
        : TimelineEvent.IterationBegan(new(thread), thread, 5_000_000_000, 6_000_000_000));

    /// <summary>Blocks of so few places that a whole event may lie in two or three of them.</summary>
    [Fact]
    public void It_gives_back_what_was_added_wherever_a_block_ends() =>
        Gen.Select(Any.List[0, 90].List[0, 40], Gen.Int[1, 5]).Sample((added, blockLength) =>
    {
        var log = new EventLog(new BlockPool<PackedEvent>(blockLength, itemBytes: 16, most: 2));
        foreach (List<TimelineEvent> run in added)
        {
            var batch = new EventBatch();
            foreach (TimelineEvent one in run) batch.Add(one);
            int room = log.Room;
            long bytes = log.Bytes;
            log.Add(batch.Run);
            Assert.Equal(log.Bytes > bytes, EventLog.PlacesOf(batch.Run) > room);
        }

        List<TimelineEvent> read = [];
        foreach (ReadOnlyMemory<TimelineEvent> lot in log.Blocks()) read.AddRange(lot.Span);
        Assert.Equal(added.SelectMany(run => run), read);
        Assert.Equal(read.Count, log.Count);
        log.Clear();
        Assert.Empty(log.Blocks());
    }, iter: 2_000);

    [Fact]
    public void Of_a_hand_over_it_gives_both_switches_back_wherever_a_block_or_a_lot_ends() =>
        Gen.Select(Gen.Int[0, 3].List[0, 3_000], Gen.Int[1, 5]).Sample((steps, blockLength) =>
    {
        var log = new EventLog(new BlockPool<PackedEvent>(blockLength, itemBytes: 16, most: 2));
        var batch = new EventBatch();
        List<TimelineEvent> added = [];
        foreach (int step in steps)
        {
            var at = new Timestamp(added.Count);
            if (step == 0) batch.Add(TimelineEvent.IterationEnded(at, 7, 5_000_000_000, 1));
            else if (step == 1) batch.Add(TimelineEvent.Preempted(at, 1, added.Count, 0));
            else Assert.True(batch.TryAddHandOver(at, isPreempted: true, cpu: 1, leaving: added.Count, coming: added.Count + 1_000_000));
            added.AddRange(batch.Run.ToArray());
            log.Add(batch.Run);
            batch.Clear();
        }

        List<TimelineEvent> read = [];
        foreach (ReadOnlyMemory<TimelineEvent> lot in log.Blocks()) read.AddRange(lot.Span);
        Assert.Equal(added, read);
        Assert.Equal(steps.Count, log.Count);
    }, iter: 300);

    [Fact]
    public void It_names_every_thread_that_came_to_a_CPU_also_one_whose_switch_is_kept_whole() =>
        Gen.Select(Gen.Int[0, 700].List[0, 300], Gen.Int[1, 5]).Sample((threads, blockLength) =>
    {
        var log = new EventLog(new BlockPool<PackedEvent>(blockLength, itemBytes: 16, most: 2));
        foreach (int thread in threads)
        {
            var batch = new EventBatch();
            if (thread % 3 == 0) Assert.True(batch.TryAddHandOver(new(5), isPreempted: false, cpu: 1, leaving: thread + 1_000, coming: thread));
            else batch.Add(thread % 3 == 1 ? TimelineEvent.SwitchIn(new(5), 1, thread, 0).PlacedAt(new(6)) : TimelineEvent.SwitchIn(new(5), 1, thread, 0));
            batch.Add(TimelineEvent.IterationBegan(new(7), thread + 2_000, 5_000_000_000, 1));
            log.Add(batch.Run);
        }

        Assert.Equal(threads.Distinct().Order(), log.ThreadsThatRan().Order());
    }, iter: 300);

    [Fact]
    public void A_switch_takes_16_bytes_and_anything_else_64()
    {
        var log = new EventLog(new BlockPool<PackedEvent>(1_000, itemBytes: 16, most: 2));
        var batch = new EventBatch();
        batch.Add(TimelineEvent.Preempted(new(5), 1, 7, 7));
        batch.Add(TimelineEvent.IterationEnded(new(5), 7, 1, 1));
        log.Add(batch.Run);
        Assert.Equal(1_000 - 1 - 4, log.Room);
    }
}
