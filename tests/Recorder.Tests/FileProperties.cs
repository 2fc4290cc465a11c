using CsCheck;
using Observatory.Timeline;
using Observatory.Timeline.Tests;

namespace Observatory.Recorder.Tests;

/// <summary>What a reader who has nothing but the file finds in it is what the timeline found.</summary>
public sealed class FileProperties
{
    private static readonly Gen<(int Cpus, int Moves, int Seed)> Worlds =
        Gen.Select(Gen.Int[2, 4], Gen.Int[1, 600], Gen.Int[0, int.MaxValue]);

    [Fact]
    public void Every_account_is_found_again_to_the_nanosecond() => Worlds.Sample(size =>
    {
        var world = new SimulatedWorld(size.Cpus, size.Moves, size.Seed);
        Judge(Record(world, size.Seed));
    }, iter: 300);

    [Fact]
    public void Every_account_is_found_again_where_records_were_lost() => Worlds.Sample(size =>
    {
        var world = new SimulatedWorld(size.Cpus, size.Moves, size.Seed);
        new Losses(world, size.Seed).DropOfCpus(reported: size.Seed % 2 == 0).DropOfRuntime();
        Judge(Record(world, size.Seed));
    }, iter: 300);

    /// <summary>The thread comes to a CPU while the one it left is still waited for: its switch out was lost, which only a later one shows.</summary>
    [Fact]
    public void A_thread_whose_leaving_was_lost_is_where_it_came_to_and_not_preempted_where_it_was()
    {
        var world = new SimulatedWorld(cpus: 4, moves: 197, seed: 116270317);
        new Losses(world, 116270317).DropOfCpus(reported: false).DropOfRuntime();
        Judge(Record(world, 116270317));
    }

    [Fact]
    public void Every_thread_of_the_target_has_a_state_from_the_first_nanosecond() => Worlds.Sample(size =>
    {
        RecordedWorld recorded = Record(new SimulatedWorld(size.Cpus, size.Moves, size.Seed), size.Seed);
        if (recorded.Window is not { } window) return;
        var accounts = new ReadAccounts(new PerfettoReader(recorded.File));
        long first = window.From.Nanoseconds + Offset;
        Assert.All(window.Generations[0].Start.Threads, thread => Assert.Equal(first, accounts.FirstOf(thread.Thread)));
    }, iter: 200);

    [Fact]
    public void Every_cpu_starts_with_a_switch_in_full_and_no_predecessor_is_wrong() => Worlds.Sample(size =>
    {
        RecordedWorld recorded = Record(new SimulatedWorld(size.Cpus, size.Moves, size.Seed), size.Seed);
        if (recorded.Window is null) return;
        var file = new PerfettoReader(recorded.File);
        Assert.Equal(0, file.Mismatches);
        Assert.All(file.Switches.GroupBy(change => change.Cpu), cpu => Assert.True(cpu.First().IsFull));
        Assert.All(file.Switches.GroupBy(change => change.Cpu), cpu => Assert.Equal(cpu.Select(change => change.At).Order(), cpu.Select(change => change.At)));
        Assert.Equal("6.18.0", file.KernelRelease);
        Assert.Equal(Offset, file.Clocks[6] - file.Clocks[3]);
    }, iter: 300);

    private const long Offset = 1_000_000;

    // The whole life of such a world is a few microseconds: so short an age makes many generations and drops some.
    private static RecordedWorld Record(SimulatedWorld world, int seed) =>
        new(world, seed, new RingLimits { Age = new Duration(200 + (seed % 2000)) });

    private static void Judge(RecordedWorld recorded)
    {
        if (recorded.Window is not { } window) return;
        var file = new PerfettoReader(recorded.File);
        var accounts = new ReadAccounts(file);
        Dictionary<long, ReadSlice> units = file.Slices.Where(slice => slice.Track.Thread > 0 && slice.Arguments.ContainsKey("iteration"))
            .ToDictionary(slice => long.Parse(slice.Arguments["iteration"]));
        foreach (UnitAccount account in recorded.Accounts.Where(account => account.Began >= window.From && !account.Reasons.HasFlag(IncompleteReasons.Late)))
        {
            // What contradicts an account after it was closed, only the file can know.
            bool isContradictedLater = window.BesideSwitches.Any(slice => slice.Thread == account.Thread
                && slice.State == Timeline.ThreadState.Unknown && slice.From < account.Ended && slice.To > account.Ended);
            if (isContradictedLater) continue;
            ReadSlice unit = units[account.Iteration];
            Assert.Equal(account.Began.Nanoseconds + Offset, unit.From);
            Assert.Equal(account.Ended.Nanoseconds + Offset, unit.To);
            foreach (AccountState state in StateTimes.States)
            {
                string written = unit.Arguments.GetValueOrDefault($"{state.ToString().ToLowerInvariant()}_ns", "0");
                Assert.Equal(account.Times[state].Nanoseconds, long.Parse(written));
            }

            if (accounts.AccountOf(unit) != account.Times)
                Assert.Fail($"{account.Iteration} of {account.Thread} {unit.From}-{unit.To}: file {InWords(accounts.AccountOf(unit))}, account {InWords(account.Times)}");
        }
    }

    [Fact]
    public void Every_account_of_a_unit_that_moves_between_threads_is_found_again_to_the_nanosecond()
    {
        int moved = 0;
        Worlds.Sample(size =>
        {
            var world = new SimulatedWorld(size.Cpus, size.Moves, size.Seed, hasOperations: size.Seed % 2 == 0);
            if (size.Seed % 3 == 0) new Losses(world, size.Seed).DropOfCpus(reported: true).DropOfRuntime();
            Interlocked.Add(ref moved, JudgeMoving(Record(world, size.Seed)));
        }, iter: 300);
        Assert.True(moved > 100, $"{moved} units");
    }

    /// <returns>Units that were worked on more than once.</returns>
    private static int JudgeMoving(RecordedWorld recorded)
    {
        if (recorded.Window is not { } window) return 0;
        var file = new PerfettoReader(recorded.File);
        var accounts = new ReadAccounts(file);
        Dictionary<long, ReadSlice> units = file.Slices.Where(slice => slice.Track.Name == "requests" && slice.Arguments.ContainsKey("unit"))
            .ToDictionary(slice => long.Parse(slice.Arguments["unit"]));
        // The event that begins the window is in the state at its start, which knows no units.
        foreach (UnitAccount account in recorded.Units.Where(account => account.Began > window.From && !account.Reasons.HasFlag(IncompleteReasons.Late)))
        {
            ReadSlice unit = units[account.Iteration];
            Assert.Equal(account.Began.Nanoseconds + Offset, unit.From);
            Assert.Equal(account.Ended.Nanoseconds + Offset, unit.To);
            foreach (AccountState state in StateTimes.UnitStates)
            {
                string written = unit.Arguments.GetValueOrDefault($"{state.ToString().ToLowerInvariant()}_ns", "0");
                Assert.Equal(account.Times[state].Nanoseconds, long.Parse(written));
            }

            // What contradicts an account after it was closed, only the file can know.
            bool isContradictedLater = window.BesideSwitches.Any(slice => slice.State == Timeline.ThreadState.Unknown
                && slice.From < account.Ended && slice.To > account.Ended);
            if (isContradictedLater) continue;
            StateTimes read = accounts.AccountOfMoving(unit);
            // A thread that sleeps when its unit ends may have been woken before: the account does not say what it did, the file does.
            bool isDoubted = account.Reasons.HasFlag(IncompleteReasons.UnseenWakeUp);
            if ((isDoubted ? AsDoubted(read) : read) != (isDoubted ? AsDoubted(account.Times) : account.Times))
                Assert.Fail($"{account.Iteration} {unit.From}-{unit.To}: file {InWords(read)}, account {InWords(account.Times)}");
        }

        return recorded.Units.Count(account => account.Segments > 1);
    }

    private static StateTimes AsDoubted(StateTimes times)
    {
        foreach (AccountState state in (AccountState[])[AccountState.Blocked, AccountState.Waking, AccountState.Preempted])
        {
            times[AccountState.Unknown] += times[state];
            times[state] = Duration.Zero;
        }

        return times;
    }

    private static string InWords(StateTimes times) =>
        string.Join(", ", StateTimes.UnitStates.Select(state => $"{state} {times[state].Nanoseconds}"));
}
