using Observatory.Contract;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>One unit and the causes of its time, by kind.</summary>
/// <param name="Wall">Its length in nanoseconds.</param>
/// <param name="Kinds">Nanoseconds by <see cref="CauseKind"/>; they add up to it.</param>
internal readonly record struct UnitSample(long Wall, long[] Kinds);

/// <summary>A unit that took long.</summary>
internal sealed record WorstUnit(string Unit, long Iteration, int Thread, Timestamp Began, long Wall, CauseTimes Causes);

/// <summary>The causes of a configuration's units: all of them added up, a sample of them, and the longest ones.</summary>
internal sealed class ConfigurationCauses(string name, params KeyValuePair<string, object?>[] labels)
{
    /// <summary>Units whose causes are kept one by one, each as likely as any other: 1024 of them are 200 KB.</summary>
    private const int MostSamples = 1_024;

    private const int MostWorst = 5;
    private readonly List<UnitSample> _samples = [];
    private readonly List<WorstUnit> _worst = [];
    private readonly CauseTimes _times = new();
    private readonly CauseTimes _withoutCpu = new();

    // Always the same: what is shown of the same units does not change from look to look.
    private readonly Random _random = new(1);

    /// <summary>Name of the configuration, for people.</summary>
    public string Name => name;

    /// <summary>Its labels; none of a file.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Labels => labels;

    /// <summary>What else its name and labels have in them.</summary>
    public StudyAxes Axes { get; private set; }

    /// <summary>How many units ended.</summary>
    public long Units { get; private set; }

    /// <summary>Causes of all of them.</summary>
    public CauseTimes Times => _times;

    /// <summary>Causes of their preempted and waking time; nothing where a file does not have them.</summary>
    public CauseTimes WithoutCpu => _withoutCpu;

    /// <summary>Of the units after the last one that the observer's start delayed: how many, their time, and the observer's in it.</summary>
    public (long Units, long Wall, long Observer) AfterStart { get; private set; }

    /// <summary>Some of them.</summary>
    public IReadOnlyList<UnitSample> Samples => _samples;

    /// <summary>The longest ones.</summary>
    public IReadOnlyList<WorstUnit> Worst => _worst;

    public void Add(long iteration, int thread, Timestamp began, long wall, CauseTimes causes, CauseTimes? withoutCpu = null)
    {
        Units++;
        _times.Add(causes);
        if (withoutCpu is not null) _withoutCpu.Add(withoutCpu);
        long[] kinds = causes.ByKind();
        AfterStart = kinds[(int)CauseKind.ObserverStart] > 0
            ? default
            : (AfterStart.Units + 1, AfterStart.Wall + wall, AfterStart.Observer + kinds[(int)CauseKind.Observer]);
        int place = _samples.Count < MostSamples ? _samples.Count : (int)Math.Min(int.MaxValue, _random.NextInt64(Units));
        if (place == _samples.Count) _samples.Add(new UnitSample(wall, kinds));
        else if (place < MostSamples) _samples[place] = new UnitSample(wall, kinds);
        if (_worst.Count == MostWorst && wall <= _worst[^1].Wall) return;
        _worst.Add(new WorstUnit(name, iteration, thread, began, wall, causes.Copy()));
        _worst.Sort((a, b) => b.Wall.CompareTo(a.Wall));
        if (_worst.Count > MostWorst) _worst.RemoveAt(MostWorst);
    }

    /// <summary>It has become known what else tells it from others.</summary>
    public void Rename(WorkloadConfiguration configuration) =>
        (name, labels, Axes) = (UnitName.From(configuration), Contract.Labels.From(configuration), configuration.Axes);

    public ConfigurationCauses Copy()
    {
        var copy = new ConfigurationCauses(name, labels) { Units = Units, Axes = Axes, AfterStart = AfterStart };
        copy._times.Add(_times);
        copy._withoutCpu.Add(_withoutCpu);
        copy._samples.AddRange(_samples);
        copy._worst.AddRange(_worst);
        return copy;
    }
}

/// <summary>What a configuration is called in a sentence.</summary>
internal static class UnitName
{
    public static string From(WorkloadConfiguration configuration) =>
        From(configuration.Operation, configuration.BatchSize, configuration.SequenceLength, configuration.EmbeddingDim)
        + Axes(
            configuration.Axes.HasFlag(StudyAxes.Threads) ? configuration.Threads : null,
            configuration.Axes.HasFlag(StudyAxes.DataType) ? configuration.DataType : null);

    /// <summary>What else tells it from others of its study; null: nothing does.</summary>
    public static string Axes(long? threads, string? dataType) =>
        (threads is { } number ? $", {number} {(number == 1 ? "thread" : "threads")}" : "") + (dataType is { } type ? $", {type}" : "");

    /// <summary>Those that have no place of their own have no shape in common.</summary>
    public static string From(string operation, long batch, long sequence, long embedding) =>
        batch == 0 && operation == ConfigurationRegistry.Other.Operation ? operation : $"{operation} [{batch}, {sequence}, {embedding}]";
}
