using BenchmarkDotNet.Attributes;

namespace Observatory.Micro;

/// <summary>The scenarios as benchmarks: what is measured is one thread's part of a chunk, a chunk an invocation.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public abstract class ScenarioBenchmarks
{
    private Scenario? _scenario;

    /// <summary>Which scenario.</summary>
    [ParamsSource(nameof(Names))]
    public string What { get; set; } = "";

    /// <summary>Names of those there are.</summary>
    public IEnumerable<string> Names => Scenario.All.Select(one => one.Key).Where(name => Kinds.Any(kind => name.StartsWith(kind, StringComparison.Ordinal)));

    /// <summary>What their names begin with.</summary>
    protected abstract string[] Kinds { get; }

    private protected Scenario Scene => _scenario ?? throw new InvalidOperationException("not set up");

    /// <summary>Makes what is measured with.</summary>
    [GlobalSetup]
    public void Make() => _scenario = Scenario.All.Single(one => one.Key == What).Value();

    /// <summary>Gives it back.</summary>
    [GlobalCleanup]
    public void Dispose() => Scene.Dispose();
}

/// <summary>What two threads do with a chunk, one after the other.</summary>
public abstract class StageBenchmarks : ScenarioBenchmarks
{
    /// <summary>For the reader: writes a chunk.</summary>
    [IterationSetup(Target = nameof(SwitchBenchmarks.Reader))]
    public void WriteChunk() => Scene.Write();

    /// <summary>After the reader: the rest of the way.</summary>
    [IterationCleanup(Target = nameof(SwitchBenchmarks.Reader))]
    public void ApplyChunk()
    {
        Scene.Apply();
        Scene.Settle();
    }

    /// <summary>For the timeline: writes a chunk and reads it.</summary>
    [IterationSetup(Target = nameof(SwitchBenchmarks.Timeline))]
    public void ReadChunk()
    {
        Scene.Write();
        Scene.Read();
    }

    /// <summary>After the timeline.</summary>
    [IterationCleanup(Target = nameof(SwitchBenchmarks.Timeline))]
    public void SettleChunk() => Scene.Settle();
}

/// <summary>A context switch, from ring to account.</summary>
public class SwitchBenchmarks : StageBenchmarks
{
    /// <inheritdoc />
    protected override string[] Kinds => ["foreign", "own"];

    /// <summary>Rings to inbox.</summary>
    [Benchmark(OperationsPerInvoke = Switches.Chunk)]
    public void Reader() => Scene.Read();

    /// <summary>Inbox to the last sink.</summary>
    [Benchmark(OperationsPerInvoke = Switches.Chunk)]
    public void Timeline() => Scene.Apply();
}

/// <summary>An iteration, from what EventPipe sent to the metrics.</summary>
public class IterationBenchmarks : StageBenchmarks
{
    /// <inheritdoc />
    protected override string[] Kinds => ["iteration"];

    /// <summary>Stream to inbox.</summary>
    [Benchmark(OperationsPerInvoke = Iterations.Chunk)]
    public void Reader() => Scene.Read();

    /// <summary>Inbox to the last sink.</summary>
    [Benchmark(OperationsPerInvoke = Iterations.Chunk)]
    public void Timeline() => Scene.Apply();
}

/// <summary>A scrape of the metrics.</summary>
[IterationCount(10), WarmupCount(3)]
public class ScrapeBenchmarks : ScenarioBenchmarks
{
    /// <inheritdoc />
    protected override string[] Kinds => ["scrape"];

    /// <summary>Iterations of each configuration since the scrape before.</summary>
    [IterationSetup]
    public void Iterate() => Scene.Write();

    /// <summary>Until the whole answer is there.</summary>
    [Benchmark]
    public void Response() => Scene.Apply();
}
