using System.Globalization;
using Observatory.Contract;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>
/// The slowdown that observing the kernel causes, measured while it runs: units of work inside short pauses against those of the
/// stretches beside them (<see cref="ObservationPauses"/>).
/// </summary>
/// <remarks>
/// A pause takes away the kernel's events and all that handles them, on every CPU. It leaves the target's runtime session, without
/// which no unit would be seen: what that costs is in both.
/// </remarks>
/// <param name="every">From one pair of stretches to the next.</param>
/// <param name="clock">The time of the events; null for this machine's.</param>
internal sealed class ObserverEffect(TimeSpan every, Func<Timestamp>? clock = null) : IFindingsSink
{
    private readonly EffectArms _arms = new(clock ?? (() => new Timestamp(MonotonicClock.NowNanoseconds())), ObservationPauses.ArmOf(every));
    private readonly PairedRatio _ratio = new();
    private readonly Lock _entry = new();
    private PairedUnits<(UnitKind Kind, long Index)> _units = new();
    private long _pair;

    /// <summary>Pauses for one target.</summary>
    public ObservationPauses NewPauses(Random? order = null) => new(every, _arms, order ?? Random.Shared);

    public void IterationClosed(WorkloadConfiguration configuration, in UnitAccount account) => Add(configuration.Index, account);

    void IFindingsSink.RequestClosed(RequestName name, in UnitAccount account) => Add(name.Index, account);

    /// <summary>What it has come to.</summary>
    public EffectFinding Finding()
    {
        lock (_entry) return new EffectFinding(_ratio.Estimate(), _ratio.Pairs, _arms.Pauses, _arms.Paused, ObservationPauses.ArmOf(every));
    }

    private void Add(long index, in UnitAccount account)
    {
        if (_arms.Find(account.Began, account.Ended) is not { } arm || account.Wall <= Duration.Zero) return;
        lock (_entry)
        {
            if (arm.Pair < _pair) return;
            if (arm.Pair > _pair) Conclude(arm.Pair);
            _units.Add((account.Kind, index), arm.IsPaused, account.Wall.Seconds);
        }
    }

    /// <summary>Accounts come in the order of time: of the pair before there are no more.</summary>
    private void Conclude(long next)
    {
        if (_units.LogRatio() is { } logRatio) _ratio.Add(logRatio);
        _units = new PairedUnits<(UnitKind, long)>();
        _pair = next;
    }
}

/// <summary>What the comparison has come to.</summary>
/// <param name="Ratio">Time observed over time paused; null while that is not known.</param>
/// <param name="Pairs">Pairs that had units of the same kind in both stretches.</param>
/// <param name="Pauses">Pauses there were.</param>
/// <param name="Paused">How long they took together.</param>
/// <param name="Arm">Length of one.</param>
internal sealed record EffectFinding(RatioEstimate? Ratio, long Pairs, long Pauses, Duration Paused, TimeSpan Arm)
{
    /// <summary>Why the ratio is not known; null where it is.</summary>
    public string? Why => (Ratio, Pauses) switch
    {
        (not null, _) => null,
        (_, 0) => "observation was not paused, which takes tier kernel and a run that lasts longer than the time between two pairs",
        _ when Pairs == 0 => Text($"in {Pauses} pauses no unit of work lay wholly inside one and another of its kind inside the stretch beside it ({Arm.TotalSeconds:0.##} s)"),
        _ => Text($"{Pairs} pairs had units to compare, and it takes {PairedRatio.Least}: a longer run, or a shorter time between two pairs"),
    };

    /// <summary>The same for people, in a line.</summary>
    public string Sentence => Ratio is not { } ratio
        ? $"observer effect: inconclusive, {Why}"
        : Text($"observer effect: units take {ratio.Ratio:0.0000} times as long with the kernel observed as without (95 %: {ratio.Low:0.0000} to {ratio.High:0.0000}, ")
            + Text($"{ratio.Pairs} pairs); an effect of less than {100 * ratio.Smallest:0.##} % could not be detected{(ratio.Low <= 1 && ratio.High >= 1 ? ", and none was" : "")}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
