using Microsoft.Extensions.Diagnostics.HealthChecks;
using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

/// <summary>The thread that reads the kernel's records fails: it is said, and what it did not read is not called complete.</summary>
public sealed class KernelSourceTests : IDisposable
{
    private const int Configuration = 0;
    private readonly Inbox _inbox = new(StreamKind.Scheduler);
    private readonly SourceStatus _status = new("kernel");
    private readonly List<string> _lines = [];
    private readonly Recording _recording = new();
    private readonly KernelSource _source;

    public KernelSourceTests()
    {
        _status.Failing = _lines.Add;
        _source = new KernelSource(_inbox, _status, new ThreadNames()) { Opener = (_, _) => new OpenRecording(_recording, null, Tiers.Kernel, "") };
        Assert.True(_source.TryStart(Environment.ProcessId, tier: null, (_, _) => { }));
    }

    [Fact]
    public void Its_failure_is_one_line_and_the_source_is_down_and_unhealthy()
    {
        _recording.Fail();
        _source.Dispose();

        Assert.Equal((false, true, "failed: odd record"), (_status.IsUp, _status.WasUp, _status.Detail));
        Assert.Same(_recording.Failure, _status.Failure);
        Assert.StartsWith("kernel: failed: odd", Assert.Single(_lines), StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Unhealthy, ObservationHealth.Check(_status).Status);
        Assert.Equal("kernel: failed: odd record", Assert.Single(Header.Troubles([_status])));
        Assert.StartsWith("kernel: DOWN", Header.Sources([_status]), StringComparison.Ordinal);
        Assert.True(_recording.IsDisposed);
    }

    /// <summary>The unit lies between the last time that the records were complete and the failure.</summary>
    [Fact]
    public void What_happened_since_it_was_last_complete_is_unknown()
    {
        UnitAccount account = AccountOfUnitBefore(_recording.Fail);
        Assert.False(account.IsComplete);
        Assert.Equal(IncompleteReasons.NotJoined, account.Reasons);
        Assert.Equal(account.Wall, account.Times[AccountState.Unknown]);
    }

    /// <summary>The same unit, where the records that were drained last were all there.</summary>
    [Fact]
    public void A_source_that_ends_well_was_complete_to_its_end()
    {
        UnitAccount account = AccountOfUnitBefore(_recording.GoOn);
        Assert.True(account.IsComplete, $"{account.Reasons}");
    }

    /// <summary>A loss that no record has told yet when the source ends.</summary>
    [Fact]
    public void A_loss_that_was_never_told_makes_the_end_unknown()
    {
        UnitAccount account = AccountOfUnitBefore(() =>
        {
            _recording.HasUntoldLoss = true;
            _recording.GoOn();
        });
        Assert.False(account.IsComplete);
    }

    /// <summary>The record that could not be understood came after the drain had begun.</summary>
    [Fact]
    public void What_may_be_missing_may_be_as_new_as_the_end_of_the_drain()
    {
        _recording.WaitUntilItDrains();
        Timestamp found = Now();
        _recording.MalformedTotal = 1;
        _recording.GoOn();
        _source.Dispose();

        TimelineEvent lost = Assert.Single(_inbox.Take().Events.Run.ToArray(), told => told.Kind == EventKind.LossEnded);
        Assert.Equal(LossScope.Scheduler, lost.Scope);
        Assert.True(lost.At >= found);
    }

    public void Dispose()
    {
        _recording.GoOn();
        _source.Dispose();
    }

    /// <summary>The account of a unit of this thread while the source drains, after which it ends in some way.</summary>
    private UnitAccount AccountOfUnitBefore(Action end)
    {
        _recording.WaitUntilItDrains();
        int thread = CallingThread.Id;
        var runtime = new Inbox(StreamKind.Runtime);
        runtime.Join(Timestamp.Zero);
        Timestamp began = Now(), ended = Now() + new Duration(1);
        runtime.Post([TimelineEvent.IterationBegan(began, thread, 1, Configuration), TimelineEvent.IterationEnded(ended, thread, 1, Configuration)], ended);
        Assert.True(SpinWait.SpinUntil(() => Now() > ended, TimeSpan.FromSeconds(60)));
        end();
        _source.Dispose();
        var registry = new ConfigurationRegistry();
        registry.Declare(Samples.Configuration(Configuration));
        var sink = new RecordingSink();
        var router = new FindingsRouter(registry, [sink]);
        using var pump = new TimelinePump(
            new Timeline.Timeline(Environment.ProcessId, router), [runtime, _inbox], () => router.Incomplete);
        pump.Start();
        pump.Finish();
        return Assert.Single(sink.Accounts).Account;
    }

    private static Timestamp Now() => new(MonotonicClock.NowNanoseconds());

    /// <summary>A recording without records. Its drains wait until they are told how to go on.</summary>
    private sealed class Recording : ISchedulerRecording
    {
        private readonly ManualResetEventSlim _isDraining = new();
        private readonly ManualResetEventSlim _goesOn = new();
        private volatile bool _fails;

        public InvalidOperationException Failure { get; } = new("odd record");

        public bool IsDisposed { get; private set; }

        public bool HasUntoldLoss { get; set; }

        public long LostTotal => 0;

        public long MalformedTotal { get; set; }

        public int Unrecorded => 0;

        public void WaitUntilItDrains() => Assert.True(_isDraining.Wait(TimeSpan.FromSeconds(60)));

        public void GoOn() => _goesOn.Set();

        public void Fail()
        {
            _fails = true;
            _goesOn.Set();
        }

        public long Drain(ISchedulerRecordHandler handler)
        {
            _isDraining.Set();
            _goesOn.Wait();
            return _fails ? throw Failure : 0;
        }

        public bool Wait(TimeSpan timeout) => false;

        public bool Refresh() => false;

        public long ReadKernelLostTotal() => 0;

        public void Enable()
        {
        }

        public void Disable()
        {
        }

        public void Dispose() => IsDisposed = true;
    }
}
