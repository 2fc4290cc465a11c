using Observatory.Timeline;
using Observatory.Timeline.Tests;

namespace Observatory.Recorder.Tests;

/// <summary>A simulated machine whose events went through a timeline into a ring, and the trace that was written of it.</summary>
internal sealed class RecordedWorld
{
    private readonly GenerationRing _ring;
    private readonly Delivery _delivery;
    private int _told;
    private int _toldUnits;

    public RecordedWorld(SimulatedWorld world, int seed, RingLimits limits, TimelineLimits? patience = null)
    {
        Delivery? delivery = null;
        _ring = new GenerationRing(limits, () => delivery!.Timeline.Checkpoint());
        _delivery = delivery = new Delivery(world, seed, patience, Consume);
        _delivery.Run();
        using RingCut cut = _ring.Cut(Timestamp.Zero);
        Generations = cut.Generations.Count;
        if (Generations == 0) return;
        Window = WindowReplay.Run(cut.Generations, new TimeRange(Timestamp.Zero, Timestamp.Never));
        using var file = new MemoryStream();
        Size = PerfettoFile.Write(file, Window, Facts());
        File = file.ToArray();
    }

    public int Generations { get; }

    public RecordedWindow? Window { get; }

    public PerfettoSize Size { get; }

    public byte[] File { get; } = [];

    public IReadOnlyList<UnitAccount> Accounts => _delivery.Accounts;

    public IReadOnlyList<UnitAccount> Units => _delivery.Units;

    public static TraceFacts Facts(UnitId? unit = null) => new()
    {
        KernelRelease = "6.18.0", Machine = "x86_64", Unit = unit,
        BootMinusMonotonic = new Duration(1_000_000), RealMinusMonotonic = new Duration(1_000_000_000_000),
        NameOfThread = thread => new ThreadName(thread is >= 10 and < 15 ? StoryLine.Target : 2, $"t{thread}", thread < 15 ? "target" : "other"),
        NameOfUnit = (_, configuration) => $"unit {configuration}",
    };

    private void Consume(EventRun events)
    {
        _ring.Add(events);
        // Those that the events have closed.
        for (; _told < _delivery.Accounts.Count; _told++) _ring.Add(_delivery.Accounts[_told]);
        for (; _toldUnits < _delivery.Units.Count; _toldUnits++) _ring.Add(_delivery.Units[_toldUnits]);
    }
}
