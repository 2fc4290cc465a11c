using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Observatory.Collector;
using Observatory.Contract;
using Observatory.Hosting;
using Observatory.Kernel;
using Observatory.Recorder;
using Observatory.Timeline;

namespace Observatory.Micro;

/// <summary>
/// The collector from its rings to its metrics, every sink included, on the calling thread; and a machine whose rings it
/// reads.
/// </summary>
internal sealed class ObservedMachine : IDisposable
{
    public const int Driving = 100;
    public const int Worker = 101;
    private const int Stranger = 1_000_000;
    private const int StrangersProcess = 900_000;

    /// <summary>The first of the threads of which a machine may have any number.</summary>
    public const int First = 1_000;
    private static readonly int s_target = Environment.ProcessId;

    private readonly WebApplication _server;
    private readonly FindingsPipeline _pipeline;
    private readonly ResultSinks _found;
    private readonly TargetConditions _conditions;
    private readonly TargetLooks _looks = new(_ => { });
    private readonly TraceWriter? _writer;
    private readonly Inbox _runtimeInbox = new(StreamKind.Runtime);
    private readonly Inbox _kernelInbox = new(StreamKind.Scheduler);
    private readonly SourceStatuses _statuses = new();
    private readonly ConfigurationRegistry _configurations = new();
    private readonly ThreadReports _reports = new(new CounterReadings(), new CounterGroups(null, _ => { }));
    private readonly RecordDispatcher _dispatcher;
    private readonly RecordTranslator _translator;
    private readonly SimulatedRing[] _rings;
    private readonly int[] _holders;
    private long _now = 1_000_000_000_000;
    private long _iteration;
    private int _next;

    /// <param name="cpus">How many it has.</param>
    /// <param name="recorder">With the flight recorder.</param>
    /// <param name="threads">Threads of the target beside the two.</param>
    /// <param name="isContained">The collector is in a pid namespace: what tracepoints write has to be translated.</param>
    public ObservedMachine(int cpus, bool recorder, int threads = 0, bool isContained = false)
    {
        _dispatcher = new(new WakingDecoder(SimulatedRing.WokenIdOffset), new ThreadIdMap(isInitialNamespace: !isContained));
        var names = new ThreadNames();
        for (int i = 0; i < threads; i++) names.Learn(First + i, s_target, "worker");
        for (int i = 0; i < 64; i++) names.Learn(Stranger + i, StrangersProcess, "stress-ng-cpu");
        names.Learn(StrangersProcess, StrangersProcess, "stress-ng");
        foreach (int thread in (int[])[Driving, Worker]) names.Learn(thread, s_target, "sweep");
        for (int cpu = 0; cpu < cpus; cpu++) names.Learn(200 + cpu, s_target, "sweep");
        _statuses.Kernel.Started(Tiers.Kernel, "");
        _statuses.Runtime.Started(Tiers.EventPipe, "");
        var endpoint = new IPEndPoint(IPAddress.Loopback, 0);
        _server = MetricsServer.Build("observatory-micro", endpoint, _ => { }, MetricViews.Configure, health: null);
        Address = MetricsServer.StartAsync(_server, endpoint).GetAwaiter().GetResult();
        IMeterFactory meters = _server.Services.GetRequiredService<IMeterFactory>();
        var faultCost = new FaultCost(0.5e-6, 0.4e-6, 0.6e-6, Rounds: 7, FaultsPerRound: 1024);
        _found = new ResultSinks(new CauseSink(names, faultCost.Seconds), null, names, _statuses, faultCost);
        TraceRecorder? traces = null;
        if (recorder)
        {
            var context = new TraceContext(s_target, names, _configurations, Requests: null, _statuses);
            _writer = new TraceWriter(context, null, new NoteRing(), _ => { });
            _writer.Start();
            traces = new TraceRecorder(_writer, null, new RingLimits());
        }

        _pipeline = new FindingsPipeline(
            s_target, [_runtimeInbox, _kernelInbox], _reports, _statuses.Kernel, _configurations,
            [.. Instrumentation.Sinks(meters, _statuses), .. _found.All], _ => { }, seesWholeMachine: true, traces);
        _conditions = new TargetConditions(s_target);
        _conditions.Begin(_looks);
        _looks.Start();
        _found.Causes.Begin(s_target, _conditions);
        _found.Preemptors.Begin(s_target);
        Instrumentation.ObserveFindings(meters, _statuses, _found);
        new PoolMetrics(() => _pipeline.ProcessTimes, _statuses.Kernel, _statuses.Runtime).Observe(meters);
        _translator = new RecordTranslator(s_target, _statuses.Kernel, names, events => _kernelInbox.Post(events, Timestamp.Zero), _ => true);
        _rings = [.. Enumerable.Range(0, cpus).Select(cpu => new SimulatedRing(cpu))];
        _holders = new int[cpus];
        _runtimeInbox.Join(new Timestamp(_now));
        _kernelInbox.Join(new Timestamp(_now));
        for (int index = 0; index < 4; index++) Declare(index);
        for (int cpu = 0; cpu < cpus; cpu++) _rings[cpu].Switch(Tick(), 0, 0, PerfRecordMisc.None);
    }

    /// <summary>Where the metrics are.</summary>
    public Uri Address { get; }

    /// <summary>Iterations whose accounts reached the last sink.</summary>
    public long Iterations => _found.Accounts.Rows().Sum(row => row.Iterations);

    public void Declare(long index) =>
        _configurations.Declare(new WorkloadConfiguration(index, "linear", 8, 512, 128 + index, "float32", 2, 134_217_728, 2_097_152));

    /// <summary>A context switch among strangers, and every second time a wake-up of one.</summary>
    public void Foreign()
    {
        int cpu = _next = (_next + 1) % _rings.Length;
        int stranger = Stranger + (int)(_now % 61);
        if ((_now & 1) == 0) _rings[cpu].Waking(Tick(), StrangersProcess, _holders[cpu], stranger);
        Switch(cpu, stranger, StrangersProcess);
    }

    /// <summary>The worker is woken, takes the CPU of a stranger and goes to sleep again: two context switches.</summary>
    public void Own()
    {
        _rings[0].Waking(Tick(), s_target, Driving, Worker);
        Switch(0, Worker, s_target);
        Switch(0, Stranger + (int)(_now % 61), StrangersProcess, sleeps: true);
    }

    /// <summary>The same of one of many threads.</summary>
    /// <param name="thread">From 0.</param>
    /// <param name="waker">Kernel id of the thread of the target that wakes it.</param>
    public void Own(int thread, int waker)
    {
        _rings[0].Waking(Tick(), s_target, waker, First + thread);
        Switch(0, First + thread, s_target);
        Switch(0, Stranger + (int)(_now % 61), StrangersProcess, sleeps: true);
    }

    /// <summary>One of many threads begins a unit of work that lasts.</summary>
    public void Begin(int thread) => _runtimeInbox.Post(
        [TimelineEvent.IterationBegan(new Timestamp(Tick()), First + thread, ++_iteration, 0)], new Timestamp(_now));

    /// <summary>Every CPU is busy with a stranger, and two threads of the target share one: each wait has to be told from where else it could have run.</summary>
    public void OwnAmongThemselves()
    {
        for (int cpu = 1; cpu < _rings.Length && _holders[cpu] == 0; cpu++) Switch(cpu, Stranger + cpu % 61, StrangersProcess);
        Switch(0, _holders[0] == Driving ? Worker : Driving, s_target);
    }

    /// <summary>Strangers switch on the CPU that the driving thread has lost; every 250th time it gets that back.</summary>
    public void ForeignWhileWaiting()
    {
        bool returns = ++_next % 250 == 0;
        Switch(_rings.Length - 1, returns ? Driving : Stranger + (int)(_now % 61), returns ? s_target : StrangersProcess);
    }

    /// <summary>Begins an iteration of the driving thread, on a CPU of its own.</summary>
    public void Begin()
    {
        int cpu = _rings.Length - 1;
        if (_holders[cpu] != Driving) Switch(cpu, Driving, s_target);
        _runtimeInbox.Post([TimelineEvent.IterationBegan(new Timestamp(Tick()), Driving, ++_iteration, _iteration % 4)], new Timestamp(_now));
    }

    /// <summary>Ends it.</summary>
    public void End() => _runtimeInbox.Post(
        [TimelineEvent.IterationEnded(new Timestamp(Tick()), Driving, _iteration, _iteration % 4)], new Timestamp(_now));

    /// <summary>An iteration of a configuration, as the runtime's reader leaves it.</summary>
    public void Iterate(long configuration)
    {
        _runtimeInbox.Post([TimelineEvent.IterationBegan(new Timestamp(Tick()), Driving, ++_iteration, configuration)], new Timestamp(_now));
        _runtimeInbox.Post([TimelineEvent.IterationEnded(new Timestamp(Tick()), Driving, _iteration, configuration)], new Timestamp(_now));
    }

    /// <summary>Reads what EventPipe sent into the runtime's inbox.</summary>
    public void Read(RecordedIterations sent) => sent.Read(_runtimeInbox, _statuses.Runtime, _reports, configuration => { }, _ => Driving);

    /// <summary>The kernel's reader: every ring to its head.</summary>
    public void Drain()
    {
        if (_dispatcher.LearnsThreadIds)
        {
            _dispatcher.DropEndedThreadIds();
            foreach (SimulatedRing ring in _rings) ring.LearnThreadIds(_dispatcher);
        }

        foreach (SimulatedRing ring in _rings) ring.Drain(_dispatcher, _translator);
        _kernelInbox.Post([], new Timestamp(_now));
        _runtimeInbox.Post([], new Timestamp(_now));
    }

    /// <summary>From now on the machine's clock is behind an instant.</summary>
    public void Skip(long to) => _now = Math.Max(_now, to);

    /// <summary>The pump: what the readers left, to the last sink.</summary>
    public void Visit() => _pipeline.Pump.Visit();

    public void Dispose()
    {
        _pipeline.Dispose();
        _looks.Dispose();
        _conditions.Dispose();
        _writer?.Dispose();
        _found.Dispose();
        _server.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private void Switch(int cpu, int thread, int process, bool sleeps = false)
    {
        int before = _holders[cpu];
        int processBefore = before == 0 ? 0 : before < Stranger ? s_target : StrangersProcess;
        PerfRecordMisc leaves = sleeps || before == 0 ? PerfRecordMisc.SwitchOut : PerfRecordMisc.SwitchOut | PerfRecordMisc.SwitchOutPreempt;
        _rings[cpu].Switch(Tick(), processBefore, before, leaves);
        _rings[cpu].Switch(_now + 300, process, thread, PerfRecordMisc.None);
        _holders[cpu] = thread;
    }

    private long Tick() => _now += 997;
}
