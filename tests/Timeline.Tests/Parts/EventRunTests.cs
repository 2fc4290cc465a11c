using CsCheck;

namespace Observatory.Timeline.Tests;

public sealed class EventRunTests
{
    private static readonly Gen<int> Ids = Gen.Frequency((8, Gen.Int[-8, 999]), (1, Gen.Int[(1 << 22) - 9, (1 << 23) + 9]), (1, Gen.Int));

    /// <summary>Rings of CPUs that fit and that do not, and those of threads.</summary>
    private static readonly Gen<int> Rings =
        Gen.Frequency((4, Gen.Int[0, 130]), (2, Gen.Int[4_090, 4_100]), (1, Gen.Int[-2, 0]), (1, Gen.Int), (2, Gen.Int[0, 9].Select(thread => LossScope.Thread(thread).Value)));

    private static readonly Gen<TimelineEvent> Any = Gen.Select(Gen.Long[0, long.MaxValue / 2], Gen.Int[0, 6], Ids, Ids, Rings, (at, kind, thread, process, ring) => kind switch
    {
        0 => TimelineEvent.SwitchIn(new(at), ring, thread, process),
        1 => TimelineEvent.SwitchOut(new(at), ring, thread, process),
        2 => TimelineEvent.Preempted(new(at), ring, thread, process),
        3 => TimelineEvent.Exited(new(at), ring, thread, process),
        4 => TimelineEvent.Waking(new(at), ring, thread, process),
        5 => TimelineEvent.Waking(new(at), ring, thread, process).PlacedAt(new(at + 1)),
        _ => TimelineEvent.IterationBegan(new(at), thread, 5_000_000_000, 6_000_000_000),
    });

    [Fact]
    public void What_is_packed_is_the_same_event_and_what_is_not_says_when_and_what() => Any.Sample(happened =>
    {
        if (PackedEvent.TryPack(happened, out PackedEvent packed)) Assert.Equal(happened, packed.Unpack());
        else packed = PackedEvent.PlaceOf(happened);
        Assert.Equal((happened.At, happened.Kind), (packed.At, packed.Kind));
    });

    [Fact]
    public void Switches_and_wake_ups_of_a_large_machine_and_of_threads_are_packed() =>
        Gen.Select(Gen.Int[0, 4_094], Gen.Int[-1, 1 << 22], Gen.Int[-6, 1 << 22], Gen.Bool).Sample((cpu, thread, process, isAlone) =>
            Assert.True(PackedEvent.TryPack(TimelineEvent.Waking(new(1), isAlone ? LossScope.Thread(thread).Value : cpu, thread, process), out _)));

    /// <summary>Threads of a few processes switch on a few CPUs, and one of them is the target: no event is lost or changes its order.</summary>
    [Fact]
    public void What_follows_one_another_on_a_CPU_and_is_not_of_the_target_is_one_event_and_unpacks_to_both() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 1], Gen.Int[-1, 4], Gen.Int[-1, 4]).List[0, 60].Sample(steps =>
    {
        var batch = new EventBatch();
        List<TimelineEvent> told = [];
        int handOvers = 0;
        foreach ((int step, int cpu, int thread, int next) in steps)
        {
            var at = new Timestamp(told.Count);
            if (step > 3)
            {
                bool isPreempted = step == 5;
                bool isHandOver = batch.TryAddHandOver(at, isPreempted, cpu, thread, next);
                Assert.Equal(thread >= 0 && next >= 0, isHandOver);
                if (!isHandOver) continue;
                handOvers++;
                told.Add(isPreempted ? TimelineEvent.Preempted(at, cpu, thread, process: 0) : TimelineEvent.SwitchOut(at, cpu, thread, process: 0));
                told.Add(TimelineEvent.SwitchIn(at, cpu, next, process: 0));
                continue;
            }

            TimelineEvent added = step switch
            {
                0 => TimelineEvent.SwitchOut(at, cpu, thread, process: 9),
                1 => TimelineEvent.Preempted(at, cpu, thread, process: 9),
                2 => TimelineEvent.Waking(at, cpu, thread, 9),
                _ => TimelineEvent.SwitchIn(at, cpu, thread, process: 9),
            };
            batch.Add(added);
            told.Add(added);
        }

        Assert.Equal(told, batch.Run.ToArray());
        Assert.Equal(told.Count - handOvers, batch.Count);
    }, iter: 2_000);

    [Fact]
    public void A_run_is_taken_ring_by_ring_without_changing_its_order() => Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 4]).List[0, 60].Sample(steps =>
    {
        var batch = new EventBatch();
        foreach ((int step, int cpu, int thread) in steps)
        {
            var at = new Timestamp(batch.Count);
            if (step == 0) batch.Add(TimelineEvent.IterationEnded(at, thread, 5_000_000_000, 1));
            else if (step == 1) batch.Add(TimelineEvent.SwitchIn(at, LossScope.Thread(thread).Value, thread, process: 9));
            else batch.Add(TimelineEvent.SwitchIn(at, cpu, thread, process: 9));
        }

        List<int> taken = [];
        ReadOnlySpan<PackedEvent> places = batch.Run.Places;
        int whole = 0;
        while (!places.IsEmpty)
        {
            int ofOneRing = PackedEvent.CountOfOneRing(places);
            if (ofOneRing == 0) Assert.Equal(EventKind.IterationEnded, batch.Run.Whole[whole++].Kind);
            HashSet<int> rings = [];
            foreach (ref readonly PackedEvent place in places[..ofOneRing]) rings.Add(place.Cpu);
            Assert.Equal(Math.Min(ofOneRing, 1), rings.Count);
            taken.Add(Math.Max(1, ofOneRing));
            places = places[taken[^1]..];
        }

        Assert.Equal((steps.Count, batch.Run.Whole.Length), (taken.Sum(), whole));
    }, iter: 2_000);

    [Fact]
    public void A_batch_holds_what_was_added_one_by_one_and_at_once() => Gen.Select(Any.List[0, 20], Any.List[0, 20]).Sample((first, second) =>
    {
        var other = new EventBatch();
        foreach (TimelineEvent one in second) other.Add(one);
        var batch = new EventBatch();
        foreach (TimelineEvent one in first) batch.Add(one);
        batch.Add(other.Run);
        Assert.Equal([.. first, .. second], batch.Run.ToArray());
        batch.Clear();
        Assert.Equal(0, batch.Count);
    });
}
