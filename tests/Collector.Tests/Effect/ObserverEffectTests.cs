using Observatory.Timeline;

namespace Observatory.Collector.Tests;

/// <summary>Pauses on a clock of the test's own, and what the units inside them come to.</summary>
public sealed class ObserverEffectTests
{
    private const long Millisecond = 1_000_000;
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(10);
    private long _now;

    private Timestamp Now => new(_now);

    [Fact]
    public void A_pair_is_a_pause_and_as_long_without_one_in_either_order()
    {
        var arms = new EffectArms(() => Now, TimeSpan.FromSeconds(1));
        var pauses = new ObservationPauses(s_every, arms, new Random(3));
        List<(long At, bool Pauses)> turns = [];
        pauses.Begin(Now);
        Pass(seconds: 1000, () => pauses.Look(Now, () => Turned(true), () => Turned(false)));

        // 100 pairs: paused and observed again, in turn, each pause a second.
        Assert.Equal(100, arms.Pauses);
        Assert.Equal(new Duration(100_000 * Millisecond), arms.Paused);
        Assert.Equal(Enumerable.Range(0, 200).Select(turn => turn % 2 == 0), turns.Select(turn => turn.Pauses));
        Assert.All(turns.Chunk(2), pause => Assert.Equal(1000 * Millisecond, pause[1].At - pause[0].At));
        // It begins with its pair, or a second later.
        long[] offsets = [.. turns.Chunk(2).Select((pause, pair) => ((pause[0].At / Millisecond) - (pair * 10_000)) - 8000)];
        Assert.Equal([0, 1000], offsets.Distinct().Order());
        Assert.InRange(offsets.Count(offset => offset == 0), 30, 70);

        Timestamp Turned(bool isPause)
        {
            turns.Add((_now, isPause));
            return Now;
        }
    }

    [Fact]
    public void The_recording_thread_wakes_in_time_for_the_next_turn()
    {
        var pauses = new ObservationPauses(s_every, new EffectArms(() => Now, TimeSpan.FromSeconds(1)), new Random(1));
        TimeSpan patience = TimeSpan.FromMilliseconds(50);
        pauses.Begin(Now);
        Assert.Equal(patience, pauses.Limit(patience, Now));
        Assert.Equal(TimeSpan.FromMilliseconds(20), pauses.Limit(patience, new Timestamp(7980 * Millisecond)));
        Assert.Equal(TimeSpan.Zero, pauses.Limit(patience, new Timestamp(9000 * Millisecond)));
    }

    [Fact]
    public void A_unit_counts_where_it_lies_inside_a_stretch_and_behind_what_the_change_carries_over()
    {
        var arms = new EffectArms(() => Now, TimeSpan.FromSeconds(1));
        arms.Begin(isNewPair: true, isPaused: true, At(1000));
        Assert.Null(arms.Find(At(1240), At(1260)));
        Assert.Equal(new EffectArm(1, true, At(1000), Timestamp.Never), arms.Find(At(1250), At(1260)));
        _now = 2000 * Millisecond;
        arms.End();
        Assert.NotNull(arms.Find(At(1900), At(2000)));
        Assert.Null(arms.Find(At(1900), At(2001)));
        Assert.Null(arms.Find(At(900), At(1900)));
        Assert.Null(arms.Find(At(2100), At(2200)));
        arms.Begin(isNewPair: false, isPaused: false, At(2000));
        Assert.Equal(new EffectArm(1, false, At(2000), Timestamp.Never), arms.Find(At(2300), At(2400)));
        arms.Abandon();
        Assert.Null(arms.Find(At(2300), At(2400)));
    }

    [Theory]
    [InlineData(1.00)]
    [InlineData(1.10)]
    public void The_slowdown_of_units_is_found(double truth)
    {
        EffectFinding found = Observe(truth, unit: 12, seconds: 600);

        Assert.Equal(60, found.Pauses);
        // Of the last pair units of a later one have to come.
        Assert.InRange(found.Ratio!.Pairs, 59, 60);
        Assert.InRange(found.Ratio.Ratio, truth - 0.02, truth + 0.02);
        Assert.Null(found.Why);
        Assert.Contains($"units take {found.Ratio.Ratio:0.0000} times as long", found.Sentence, StringComparison.Ordinal);
        Assert.Contains("an effect of less than ", found.Sentence, StringComparison.Ordinal);
    }

    /// <summary>An interval of 95 % leaves out the truth in one of twenty observations, so that an effect is seen where there is none in half of those.</summary>
    [Fact]
    public void Where_there_is_no_slowdown_one_is_found_as_seldom_as_the_interval_says_and_one_of_a_tenth_always()
    {
        const int Observations = 80;
        int[] seeds = [.. Enumerable.Range(1, Observations)];
        Assert.InRange(seeds.Count(seed => Observe(1.00, unit: 12, seconds: 600, seed).Ratio!.Low > 1), 0, Observations / 10);
        Assert.All(seeds, seed => Assert.True(Observe(1.10, unit: 12, seconds: 600, seed).Ratio!.Low > 1));
    }

    [Fact]
    public void Where_nothing_can_be_told_it_says_why()
    {
        Assert.Contains("was not paused, which takes tier kernel", new ObserverEffect(s_every).Finding().Sentence, StringComparison.Ordinal);
        Assert.Contains("5 pairs had units to compare, and it takes 10", Observe(1, unit: 12, seconds: 67).Sentence, StringComparison.Ordinal);
        // Units of two seconds fit into no stretch of one.
        Assert.Contains("in 12 pauses no unit of work lay wholly inside one", Observe(1, unit: 2000, seconds: 120).Sentence, StringComparison.Ordinal);
    }

    /// <summary>Units one after the other, which take longer while they are observed, and a tenth more or less.</summary>
    /// <param name="truth">How many times as long.</param>
    /// <param name="unit">A unit without observation, ms.</param>
    /// <param name="seconds">How long there are any.</param>
    /// <param name="seed">Of the order of the pauses and of the units' lengths.</param>
    private EffectFinding Observe(double truth, int unit, int seconds, int seed = 5)
    {
        _now = 0;
        var effect = new ObserverEffect(s_every, () => Now);
        ObservationPauses pauses = effect.NewPauses(new Random(seed));
        var random = new Random(seed);
        bool isPaused = false;
        long began = 0, length = 0, left = 0;
        pauses.Begin(Now);
        Pass(seconds, () =>
        {
            pauses.Look(Now, () => Turned(true), () => Turned(false));
            // What is done in a step depends on whether it is observed.
            left -= isPaused ? Millisecond : (long)(Millisecond / truth);
            if (left > 0) return;
            if (length > 0) effect.IterationClosed(Samples.Configuration(0), Samples.Account(1, 0) with { Began = new(began), Ended = Now });
            began = _now;
            left = length = (long)(unit * Millisecond * (0.9 + (0.2 * random.NextDouble())));
        });
        return effect.Finding();

        Timestamp Turned(bool pause)
        {
            isPaused = pause;
            return Now;
        }
    }

    private static Timestamp At(long milliseconds) => new(milliseconds * Millisecond);

    private void Pass(int seconds, Action step)
    {
        for (long end = seconds * 1000 * Millisecond; _now < end;)
        {
            _now += Millisecond;
            step();
        }
    }
}
