using System.Net;
using Observatory.Hosting;
using Observatory.Kernel;

namespace Observatory.Collector.Tests;

/// <summary>A soak test lasts for days: what goes wrong with one sample must not end the process.</summary>
public sealed class SoakRunTests
{
    [Fact]
    public async Task A_sample_that_fails_is_said_and_the_report_has_what_was_seen_until_then()
    {
        var options = new ObserveOptions
        {
            ProcessId = Environment.ProcessId,
            Live = false,
            Tier = KernelTier.None,
            TracesFolder = null,
            Duration = TimeSpan.FromHours(1),
            Endpoint = new(IPAddress.Loopback, 0),
            Soak = new SoakOptions(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(30), FullCollections: null, State: null, Reports: []),
        };
        var time = new BrokenTime();
        using SoakRun soak = SoakRun.TryOpen(options, time)!;
        await using var host = new ObservationHost(options, soak);
        soak.Begin(host);
        time.Ring();
        Assert.False(time.IsStopped);

        time.IsBroken = true;
        time.Ring();
        Assert.True(time.IsStopped);
        time.IsBroken = false;
        Assert.Equal(ExitCodes.Finding, soak.Conclude(json: true));
    }

    /// <summary>A clock that fails on request, and whose one timer rings when it is told to.</summary>
    private sealed class BrokenTime : TimeProvider
    {
        private TimerCallback? _callback;

        public bool IsBroken { get; set; }

        public bool IsStopped { get; private set; }

        public void Ring() => _callback!(null);

        public override DateTimeOffset GetUtcNow() => IsBroken ? throw new InvalidOperationException("It is broken.") : DateTimeOffset.UnixEpoch;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _callback = callback;
            return new Alarm(this);
        }

        private sealed class Alarm(BrokenTime time) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() => time.IsStopped = true;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
