namespace Observatory.Micro;

/// <summary>Something that costs the collector: written as the kernel or the runtime writes it, then read, then applied.</summary>
/// <param name="operations">Events, iterations or scrapes of a chunk.</param>
/// <param name="leastChunks">How many chunks make a measurement at least.</param>
/// <param name="leastTime">How long they take together at least.</param>
internal abstract class Scenario(int operations, int leastChunks, TimeSpan leastTime) : IDisposable
{
    /// <summary>All there are, by name.</summary>
    public static readonly IReadOnlyList<KeyValuePair<string, Func<Scenario>>> All =
    [
        new("foreign switch, 2 CPUs", () => new Switches(new(2, recorder: true), machine => machine.Foreign())),
        new("foreign switch, 128 CPUs", () => new Switches(new(128, recorder: true), machine => machine.Foreign())),
        new("foreign switch, pid namespace", () => new Switches(new(2, recorder: true, isContained: true), machine => machine.Foreign())),
        new("foreign switch, no recorder", () => new Switches(new(2, recorder: false), machine => machine.Foreign())),
        new("foreign switch, waited for", () => new Switches(new(2, recorder: true), machine => machine.ForeignWhileWaiting(), hasUnit: true)),
        new("own switch, unit open", () => new Switches(new(2, recorder: true), machine => machine.Own(), perStep: 2, hasUnit: true)),
        new("own switch, no recorder", () => new Switches(new(2, recorder: false), machine => machine.Own(), perStep: 2, hasUnit: true)),
        new("own threads share, 2 CPUs", () => new Switches(new(2, recorder: true), machine => machine.OwnAmongThemselves())),
        new("own threads share, 128 CPUs", () => new Switches(new(128, recorder: true), machine => machine.OwnAmongThemselves())),
        new("iteration", () => new Iterations(recorder: true)),
        new("iteration, no recorder", () => new Iterations(recorder: false)),
        // Of the sweep: 4 batches, 2 sequences, 4 dimensions.
        new("scrape, 32 configurations", () => new Scrape(32)),
        new("scrape, 250 configurations", () => new Scrape(250)),
    ];

    /// <summary>Events, iterations or scrapes of a chunk.</summary>
    public int Operations => operations;

    /// <summary>True when so many chunks, in so much time, make a measurement.</summary>
    public bool IsEnough(int chunks, TimeSpan time) => chunks >= leastChunks && time >= leastTime;

    /// <summary>Puts a chunk where its reader finds it. Not measured.</summary>
    public abstract void Write();

    /// <summary>The thread that reads.</summary>
    public abstract void Read();

    /// <summary>The timeline's thread, to the last sink; of a scrape, until the answer is there.</summary>
    public abstract void Apply();

    /// <summary>What has to be done before the next chunk. Not measured.</summary>
    public virtual void Settle()
    {
    }

    /// <inheritdoc />
    public abstract void Dispose();
}

/// <summary>Switches of a simulated machine; of a unit of work with its account.</summary>
/// <param name="machine">The machine.</param>
/// <param name="step">What happens on it.</param>
/// <param name="perStep">Switches of a step.</param>
/// <param name="hasUnit">An iteration is open meanwhile.</param>
/// <param name="chunk">How many of them.</param>
internal sealed class Switches(ObservedMachine machine, Action<ObservedMachine> step, int perStep = 1, bool hasUnit = false, int chunk = Switches.Chunk)
    : Scenario(chunk, leastChunks: 30, TimeSpan.FromMilliseconds(400))
{
    /// <summary>Switches of a chunk, unless it is told otherwise.</summary>
    public const int Chunk = 1_000;

    /// <inheritdoc />
    public override void Write()
    {
        if (hasUnit) machine.Begin();
        for (int i = 0; i < Operations; i += perStep) step(machine);
        if (hasUnit) machine.End();
    }

    /// <inheritdoc />
    public override void Read() => machine.Drain();

    /// <inheritdoc />
    public override void Apply() => machine.Visit();

    /// <inheritdoc />
    public override void Dispose() => machine.Dispose();
}

/// <summary>Iterations that a process marked, as EventPipe sent them.</summary>
/// <param name="recorder">With the flight recorder.</param>
internal sealed class Iterations(bool recorder) : Scenario(Chunk, leastChunks: 8, TimeSpan.Zero)
{
    /// <summary>Iterations of a chunk.</summary>
    public const int Chunk = 10_000;

    private static readonly Lazy<RecordedIterations> s_sent = new(() => RecordedIterations.Record(Chunk));
    private ObservedMachine? _machine;

    private ObservedMachine Machine => _machine ?? throw new InvalidOperationException("nothing has been written");

    /// <inheritdoc />
    public override void Write()
    {
        _machine = new ObservedMachine(2, recorder);
        _machine.Skip(s_sent.Value.Began);
        _machine.Begin();
        _machine.End();
        _machine.Drain();
        _machine.Visit();
        _machine.Skip(long.MaxValue / 2);
    }

    /// <inheritdoc />
    public override void Read() => Machine.Read(s_sent.Value);

    /// <inheritdoc />
    public override void Apply()
    {
        Machine.Drain();
        Machine.Visit();
    }

    /// <inheritdoc />
    public override void Settle()
    {
        if (Machine.Iterations != Chunk + 1) throw new InvalidOperationException($"{Machine.Iterations} accounts of {Chunk + 1} iterations");
        Dispose();
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _machine?.Dispose();
        _machine = null;
    }
}

/// <summary>A scrape after iterations of each configuration.</summary>
internal sealed class Scrape : Scenario
{
    private readonly ObservedMachine _machine = new(2, recorder: true);
    private readonly HttpClient _client = new();
    private readonly int _configurations;

    /// <param name="configurations">How many there are.</param>
    public Scrape(int configurations) : base(operations: 1, leastChunks: 8, TimeSpan.Zero)
    {
        _configurations = configurations;
        for (int index = 0; index < configurations; index++) _machine.Declare(index);
        _machine.Begin();
        _machine.End();
    }

    /// <inheritdoc />
    public override void Write()
    {
        for (int i = 0; i < 25_000; i++) _machine.Iterate(i % _configurations);
        _machine.Drain();
        _machine.Visit();
        // The exporter gives the same answer again for 0.3 s.
        Task.Delay(400).Wait();
    }

    /// <inheritdoc />
    public override void Read()
    {
    }

    /// <inheritdoc />
    public override void Apply() => _client.GetByteArrayAsync(_machine.Address).GetAwaiter().GetResult();

    /// <inheritdoc />
    public override void Dispose()
    {
        _client.Dispose();
        _machine.Dispose();
    }
}
