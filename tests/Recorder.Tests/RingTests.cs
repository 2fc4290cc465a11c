using Observatory.Timeline;

namespace Observatory.Recorder.Tests;

public sealed class RingTests
{
    private readonly KeptAccounts _accounts = new();

    [Fact]
    public void Bytes_win_over_age_and_what_is_kept_has_no_gap()
    {
        BusyMachine machine = Machine(new RingLimits { Bytes = 4 << 20, Age = Duration.FromMilliseconds(3_600_000) });
        machine.Run(12_000);
        Assert.InRange(machine.Ring.Bytes, 1, 4 << 20);
        using RingCut cut = machine.Ring.Cut(Timestamp.Zero);
        Assert.True(cut.Generations.Count > 1);
        Assert.All(cut.Generations.Zip(cut.Generations.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
        Assert.Equal(machine.Ring.Age, cut.Generations[^1].To - cut.Generations[0].From);
        // A generation that has just ended counts once.
        Assert.InRange(machine.Ring.Bytes, 1, 4 << 20);
        Assert.True(machine.Ring.Dropped > Duration.Zero);
        Assert.Equal(new Timestamp(BusyMachine.Began) + machine.Ring.Dropped, cut.Generations[0].From);
    }

    [Fact]
    public void It_reaches_as_far_back_as_was_asked_and_not_a_generation_further()
    {
        Duration age = Duration.FromMilliseconds(2_000);
        BusyMachine machine = Machine(new RingLimits { Age = age });
        machine.Run(12_000);
        Assert.InRange(machine.Ring.Age.Nanoseconds, age.Nanoseconds, age.Nanoseconds * 3 / 2);
    }

    [Fact]
    public void At_least_one_whole_generation_is_kept_however_small_the_ring()
    {
        BusyMachine machine = Machine(new RingLimits { Bytes = 1, Age = new Duration(1) });
        machine.Run(1_000);
        using RingCut cut = machine.Ring.Cut(Timestamp.Zero);
        Assert.NotEmpty(cut.Generations);
        Assert.True(cut.Generations[0].Count > 0);
    }

    [Fact]
    public void A_cut_keeps_its_events_while_the_ring_goes_on_at_ten_times_the_rate_and_no_event_is_lost()
    {
        BusyMachine machine = Machine(new RingLimits { Bytes = 8 << 20, Age = Duration.FromMilliseconds(3_600_000) });
        machine.Run(6_000);
        using RingCut cut = machine.Ring.Cut(Timestamp.Zero);
        RecordedWindow before = Window(cut);
        byte[] written = Write(before);
        // Enough to fill the ring several times over while the cut is still read.
        using var reading = new Barrier(2);
        byte[]? meanwhile = null;
        var reader = new Thread(() =>
        {
            reading.SignalAndWait();
            meanwhile = Write(Window(cut));
        });
        reader.Start();
        reading.SignalAndWait();
        machine.Run(20_000, step: 2_500);
        reader.Join();
        Assert.Equal(written, meanwhile);
        Assert.Equal(written, Write(Window(cut)));
        Assert.Equal(26_000, _accounts.All.Count);
        Assert.DoesNotContain(_accounts.All, account => !account.IsComplete && account.Iteration > 1);
        using RingCut after = machine.Ring.Cut(Timestamp.Zero);
        RecordedWindow later = Window(after);
        Assert.All(later.Units.Where(unit => unit.Began >= later.From), unit => Assert.NotNull(unit.Account));
    }

    [Fact]
    public void Once_the_ring_is_full_an_event_allocates_nothing()
    {
        BusyMachine machine = Machine(new RingLimits { Bytes = 2 << 20, Age = Duration.FromMilliseconds(3_600_000) });
        machine.Run(12_000);
        GenerationRing ring = machine.Ring;
        var happened = new EventBatch();
        happened.Add(TimelineEvent.Waking(machine.Now, 0, BusyMachine.Driving));
        // A generation costs an object and the state at its start; between two of them nothing is allocated.
        using (ring.Cut(machine.Now))
        {
        }

        ring.Add(happened.Run);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 4_000; i++) ring.Add(happened.Run);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_full_ring_of_a_busy_machine_fits_into_20_MB_at_12_bytes_a_scheduler_event(bool serves)
    {
        // A ring of 64 MiB holds more than a file of 20 MB does: then the writer takes the newest of it.
        int most = (serves ? 40 : 28) << 20;
        BusyMachine machine = Machine(new RingLimits { Bytes = most, Age = Duration.FromMilliseconds(3_600_000) }, serves);
        machine.Run(40_000);
        Assert.InRange(machine.Ring.Bytes, most / 8 * 7, most);
        using RingCut cut = machine.Ring.Cut(Timestamp.Zero);
        RecordedWindow window = Window(cut);
        byte[] file = Write(window);
        // Counted by the reader, which shares no code with the writer: not what the writer says of itself.
        var read = new PerfettoReader(file);
        int events = read.Switches.Count + read.WakeUps.Count;
        Assert.InRange(file.Length, 1, PerfettoFile.MostBytes);
        Assert.True(events > 500_000, $"{events} events");
        double perEvent = file.Length / (double)events;
        Assert.True(perEvent <= 12, $"{perEvent} bytes, {file.Length} over {events}");
        Assert.Equal(window.Units.Count(unit => unit.Kind == UnitKind.Iteration), read.Slices.Count(slice => slice.Track.Thread > 0 && !slice.Arguments.ContainsKey("unit")));
        Assert.Equal(serves ? 1024 : 0, read.Slices.Count(slice => slice.Track.Name == "requests" && slice.Arguments.ContainsKey("unit")));
    }

    [Fact]
    public void Slices_beyond_20_MB_are_left_out_and_the_file_says_how_many()
    {
        BusyMachine machine = Machine(new RingLimits { Age = Duration.FromMilliseconds(3_600_000) });
        machine.Run(100);
        using RingCut cut = machine.Ring.Cut(Timestamp.Zero);
        RecordedWindow window = Window(cut);
        RecordedNote[] waits = [.. Enumerable.Range(0, 600_000).Select(_ => new RecordedNote(NoteKind.Contention, window.From, window.From + new Duration(1), BusyMachine.Driving, 0))];
        using var written = new MemoryStream();
        PerfettoSize size = PerfettoFile.Write(written, window, RecordedWorld.Facts() with { Notes = waits });
        Assert.InRange(size.Bytes, PerfettoFile.MostBytes * 9 / 10, PerfettoFile.MostBytes);
        var read = new PerfettoReader(written.ToArray());
        int all = new PerfettoReader(Write(window)).Slices.Count + waits.Length;
        string said = Assert.Single(read.Slices, slice => slice.Name.EndsWith(" slices left out: the file is full", StringComparison.Ordinal)).Name;
        Assert.Equal(all - (read.Slices.Count - 1), int.Parse(said.Split(' ')[0]));
        Assert.Contains(read.Slices, slice => slice.Name.StartsWith("lock held", StringComparison.Ordinal));
    }

    internal static RecordedWindow Window(RingCut cut) => WindowReplay.Run(cut.Generations, new TimeRange(Timestamp.Zero, Timestamp.Zero));

    internal static byte[] Write(RecordedWindow window)
    {
        using var file = new MemoryStream();
        PerfettoFile.Write(file, window, RecordedWorld.Facts());
        return file.ToArray();
    }

    private BusyMachine Machine(RingLimits limits, bool serves = false) => BusyMachine.WithRing(limits, _accounts, serves);
}
