using BenchmarkDotNet.Attributes;

namespace Observatory.Micro;

/// <summary>The scenarios as benchmarks: what is measured is one thread's part of a chunk, a chunk an invocation.</summary>
public abstract class ScenarioBenchmarks
{
    private Scenario? _scenario;

    private Scenario Scenario => _scenario ?? throw new InvalidOperationException("not set up");

    /// <summary>Makes what it is measured with.</summary>
    /// <param name="what">Name of the scenario.</param>
    protected void Make(string what) => _scenario = Scenario.All.Single(one => one.Key == what).Value();

    /// <summary>Writes a chunk.</summary>
    protected void Write() => Scenario.Write();

    /// <summary>The part of the thread that reads.</summary>
    protected void Read() => Scenario.Read();

    /// <summary>The part of the timeline's thread.</summary>
    protected void Apply() => Scenario.Apply();

    /// <summary>After a chunk.</summary>
    protected void Settle() => Scenario.Settle();

    /// <summary>Gives back what it was measured with.</summary>
    [GlobalCleanup]
    public void Dispose() => Scenario.Dispose();

    /// <summary>Names of the scenarios of a kind.</summary>
    private protected static IEnumerable<string> NamesOf(Func<string, bool> isOfKind) => Scenario.All.Select(one => one.Key).Where(isOfKind);
}

/// <summary>A context switch, from ring to account.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class SwitchBenchmarks : ScenarioBenchmarks
{
    /// <summary>Which switches.</summary>
    [ParamsSource(nameof(Names))]
    public string What { get; set; } = "";

    /// <summary>All there are.</summary>
    public static IEnumerable<string> Names => NamesOf(name => !name.StartsWith("iteration", StringComparison.Ordinal) && !name.StartsWith("scrape", StringComparison.Ordinal));

    /// <summary>Makes the machine.</summary>
    [GlobalSetup]
    public void MakeMachine() => Make(What);

    /// <summary>Fills the rings.</summary>
    [IterationSetup(Target = nameof(Reader))]
    public void Fill() => Write();

    /// <summary>Rings to inbox.</summary>
    [Benchmark(OperationsPerInvoke = Switches.Chunk)]
    public void Reader() => Read();

    /// <summary>Empties the inbox.</summary>
    [IterationCleanup(Target = nameof(Reader))]
    public void Empty() => Apply();

    /// <summary>Fills the inbox.</summary>
    [IterationSetup(Target = nameof(Timeline))]
    public void FillInbox()
    {
        Write();
        Read();
    }

    /// <summary>Inbox to the last sink.</summary>
    [Benchmark(OperationsPerInvoke = Switches.Chunk)]
    public void Timeline() => Apply();
}

/// <summary>An iteration, from what EventPipe sent to the metrics.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class IterationBenchmarks : ScenarioBenchmarks
{
    /// <summary>Which iterations.</summary>
    [ParamsSource(nameof(Names))]
    public string What { get; set; } = "";

    /// <summary>All there are.</summary>
    public static IEnumerable<string> Names => NamesOf(name => name.StartsWith("iteration", StringComparison.Ordinal));

    /// <summary>Makes what sends them.</summary>
    [GlobalSetup]
    public void MakeSender() => Make(What);

    /// <summary>Begins with a new machine.</summary>
    [IterationSetup(Target = nameof(Reader))]
    public void Begin() => Write();

    /// <summary>Stream to inbox.</summary>
    [Benchmark(OperationsPerInvoke = Iterations.Chunk)]
    public void Reader() => Read();

    /// <summary>Empties the inbox, and looks whether all have an account.</summary>
    [IterationCleanup(Target = nameof(Reader))]
    public void Empty()
    {
        Apply();
        Settle();
    }

    /// <summary>Fills the inbox of a new machine.</summary>
    [IterationSetup(Target = nameof(Timeline))]
    public void FillInbox()
    {
        Write();
        Read();
    }

    /// <summary>Inbox to the last sink.</summary>
    [Benchmark(OperationsPerInvoke = Iterations.Chunk)]
    public void Timeline() => Apply();

    /// <summary>Looks whether all have an account.</summary>
    [IterationCleanup(Target = nameof(Timeline))]
    public void Check() => Settle();
}

/// <summary>A scrape of the metrics, as an HTTP response.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
[IterationCount(10), WarmupCount(3)]
public class ScrapeBenchmarks : ScenarioBenchmarks
{
    /// <summary>Of how many configurations.</summary>
    [ParamsSource(nameof(Names))]
    public string What { get; set; } = "";

    /// <summary>All there are.</summary>
    public static IEnumerable<string> Names => NamesOf(name => name.StartsWith("scrape", StringComparison.Ordinal));

    /// <summary>Makes the server.</summary>
    [GlobalSetup]
    public void MakeServer() => Make(What);

    /// <summary>Iterations of each configuration since the scrape before.</summary>
    [IterationSetup]
    public void Iterate() => Write();

    /// <summary>Until the answer is there.</summary>
    [Benchmark]
    public void Response() => Apply();
}
