using Observatory.Hosting;
using Observatory.Kernel;
using Observatory.Soak;

namespace Observatory.Collector;

/// <summary>What a soak test is asked to do.</summary>
/// <param name="Interval">Time between two samples.</param>
/// <param name="ShortestTrend">How much time a trend must cover to be told.</param>
/// <param name="FullCollections">How often the target is asked to collect all of its garbage; null for never.</param>
/// <param name="State">File that keeps the samples; null for none.</param>
/// <param name="Reports">Files that the report is written to at the end, by their extension.</param>
internal sealed record SoakOptions(TimeSpan Interval, TimeSpan ShortestTrend, TimeSpan? FullCollections, string? State, IReadOnlyList<OutputFile> Reports);

/// <summary>A soak test beside an observation: a sample an interval, a running verdict, a report at the end.</summary>
internal sealed class SoakRun : IDisposable
{
    /// <summary>At least; <see cref="CostOfVerdicts"/> may say more.</summary>
    private static readonly TimeSpan BetweenVerdicts = TimeSpan.FromSeconds(30);

    /// <summary>A verdict costs some tenths of a second of CPU time, and more where there are many configurations: at most this share.</summary>
    private const double CostOfVerdicts = 0.01;

    /// <summary>
    /// At most so much time until the collector gives back what it does not use, and what it does is seen: by itself it collects all of its
    /// garbage two or three times an hour, and a trend needs twenty values.
    /// </summary>
    private static readonly TimeSpan BetweenGivingBack = TimeSpan.FromMinutes(5);

    /// <summary>In a short test, so many times.</summary>
    private const int GivingsBack = 50;

    private readonly SoakOptions _options;
    private readonly SoakState _state;
    private readonly TimeProvider _time;
    private readonly Lock _entry = new();
    private ITimer? _timer;
    private DateTimeOffset _judgedNext;
    private DateTimeOffset _givesBackNext;
    private DateTimeOffset _askedNext;
    private Task _asked = Task.CompletedTask;
    private string? _refused;
    private bool _isOver;
    private volatile bool _hasFailed;
    private volatile SoakVerdict _verdict = new([]);

    private SoakRun(SoakOptions options, SoakState state, TimeProvider time) =>
        (_options, _state, _time, IsResumed) = (options, state, time, state.Samples.Count > 0);

    /// <summary>Opens the state of the soak test that is asked for; null where none is.</summary>
    /// <exception cref="UsageException">The state cannot be used.</exception>
    public static SoakRun? TryOpen(ObserveOptions options, TimeProvider time)
    {
        if (options is not { Soak: { } soak, Duration: { } duration }) return null;
        string? target = options.AwaitedName;
        if (options.ProcessId is { } process && ProcessName.TryRead(process, out string name)) target = name;
        return new SoakRun(soak, SoakState.Open(soak.State, new SoakPlan
        {
            Began = time.GetUtcNow(),
            Seconds = duration.TotalSeconds,
            IntervalSeconds = soak.Interval.TotalSeconds,
            ShortestTrendSeconds = soak.ShortestTrend.TotalSeconds,
            Target = target is null ? "the sweep" : SafeText.Name(target),
        }), time);
    }

    /// <summary>Takes what the samples are made of.</summary>
    public SoakSampler Sampler { get; } = new();

    /// <summary>True for a test that an earlier collector began: the time until the target comes is a part of it.</summary>
    public bool IsResumed { get; }

    /// <summary>What is left of the time that it is to last.</summary>
    public TimeSpan Remaining
    {
        get
        {
            TimeSpan left = _state.Plan.Began + TimeSpan.FromSeconds(_state.Plan.Seconds) - _time.GetUtcNow();
            return left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);
        }
    }

    /// <summary>How it stands, in a line.</summary>
    public string Line =>
        $"soak: {SoakReport.Length(_time.GetUtcNow() - _state.Plan.Began)} of {SoakReport.Length(TimeSpan.FromSeconds(_state.Plan.Seconds))}, {_verdict.Sentence}";

    /// <summary>Samples from now on; again means nothing.</summary>
    public void Begin(ObservationHost host)
    {
        if (_timer is not null) return;
        Sampler.Begin(host, isConnecting: !IsResumed);
        SoakMetrics.Observe(host.MeterFactory, () => _verdict, () => Remaining, () => _state.IsWhole);
        _timer = _time.CreateTimer(_ => Take(host), null, _options.Interval, _options.Interval);
    }

    /// <summary>Samples no more: the target is about to be let go. What it was asked for is waited for some seconds: it would keep the session.</summary>
    public async Task PauseAsync()
    {
        if (_timer is not null) await _timer.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAny(_asked, Task.Delay(RuntimeSession.AnswerLimit)).ConfigureAwait(false);
    }

    /// <summary>Samples no more, prints the report and writes it to the files.</summary>
    /// <param name="json">JSON on standard output instead of Markdown.</param>
    /// <returns>The exit code: 1 when a criterion fails, a file is not what it should be, or samples are missing.</returns>
    /// <exception cref="OutputFailedException">Standard output takes nothing more.</exception>
    public int Conclude(bool json)
    {
        _timer?.Dispose();
        SoakReport report;
        lock (_entry) report = new SoakReport(_state.Plan, [.. _state.Samples]);
        // First: standard output may take nothing more.
        bool isWritten = _options.Reports.Count(file => TryWrite(report, file)) == _options.Reports.Count;
        OutputFile.StandardOutput.Write((json ? report.ToJson() : report.ToMarkdown()) + Environment.NewLine);
        return report.Verdict.Outcome != SoakOutcome.Fails && isWritten && _state.IsWhole && !_hasFailed ? ExitCodes.Done : ExitCodes.Finding;
    }

    public void Dispose()
    {
        _timer?.Dispose();
        // A sample may be on its way: what it writes to must not be gone.
        lock (_entry)
        {
            _isOver = true;
            _state.Dispose();
        }
    }

    /// <summary>A report of days must not be lost because one of its files cannot be written: the others are, and it is printed.</summary>
    private static bool TryWrite(SoakReport report, OutputFile file)
    {
        try
        {
            file.Write(TextFor(report, file.Path));
            return true;
        }
        catch (OutputFailedException failure)
        {
            Console.Error.WriteLine($"collector: {failure.Message}");
            return false;
        }
    }

    private static string TextFor(SoakReport report, string path) => Path.GetExtension(path) switch
    {
        ".html" => report.ToHtml(),
        ".json" => report.ToJson(),
        _ => report.ToMarkdown(),
    };

    /// <summary>Called by a timer, from which nothing may escape.</summary>
    private void Take(ObservationHost host)
    {
        if (!_entry.TryEnter()) return;
        try
        {
            if (_isOver) return;
            // What is loaded and compiled for the first verdict, half an hour later, would be a growth of the collector.
            if (_judgedNext == default) SoakVerdict.Prepare();
            DateTimeOffset now = _time.GetUtcNow();
            _state.Add(Sampler.Take(host, now, MustGiveBack(now)));
            Judge(host, now);
            Ask(host, now);
        }
        catch (IOException full)
        {
            host.Screen.Log($"the state of the soak test cannot be written any more: {full.Message} The test goes on without it.");
        }
#pragma warning disable CA1031 // The timer's edge: it is said, and the report has what was seen until then.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _timer?.Dispose();
            _hasFailed = true;
            host.Screen.Log(LastWords.Of("soak", "no sample is taken any more", failure));
        }
        finally
        {
            _entry.Exit();
        }
    }

    private void Judge(ObservationHost host, DateTimeOffset now)
    {
        if (now < _judgedNext) return;
        // CPU time, not wall time: a machine that is full must not make verdicts rare.
        long began = ThreadCpuClock.NowNanoseconds();
        SoakOutcome before = _verdict.Outcome;
        _verdict = SoakVerdict.From(_state.Plan, _state.Samples);
        TimeSpan sparing = TimeSpan.FromMicroseconds((ThreadCpuClock.NowNanoseconds() - began) / 1000.0) / CostOfVerdicts;
        _judgedNext = now + (sparing > BetweenVerdicts ? sparing : BetweenVerdicts);
        if (_verdict.Outcome != before && _verdict.Outcome != SoakOutcome.Inconclusive) host.Screen.Log(Line);
    }

    private bool MustGiveBack(DateTimeOffset now)
    {
        if (now < _givesBackNext) return false;
        TimeSpan share = TimeSpan.FromSeconds(_state.Plan.Seconds / GivingsBack);
        _givesBackNext = now + (share < BetweenGivingBack ? share : BetweenGivingBack);
        return true;
    }

    /// <summary>After a sample: the next one sees what the target's collection left.</summary>
    private void Ask(ObservationHost host, DateTimeOffset now)
    {
        if (_options.FullCollections is not { } every || now < _askedNext || !_asked.IsCompleted || host.Current is not { } target) return;
        _askedNext = now + every;
        _asked = AskAsync(target, host.Screen);
    }

    /// <summary>A refusal is told once, not for days.</summary>
    private async Task AskAsync(Observation target, IScreen screen)
    {
        string? before = _refused;
        _refused = await target.CollectAsync().ConfigureAwait(false);
        if (_refused is { } why && why != before) screen.Log($"the target was asked to collect its garbage (--full-collections) and did not: {SafeText.Line(why)}");
    }
}
