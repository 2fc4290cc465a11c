using Observatory.Kernel;

namespace Observatory.Collector.Tests;

public sealed class RecordingOpenerTests
{
    private readonly List<Recording> _cpus = [];

    /// <summary>Events are opened one by one and enabled together: the kernel may refuse as late as then.</summary>
    [Fact]
    public void A_refusal_to_enable_takes_the_next_tier_and_leaves_nothing_open()
    {
        KernelAccessException refusal = Refusal();
        using OpenRecording opened = RecordingOpener.Open(tier: null, () => OpenCpus(refusal), OpenThreads);
        Assert.Equal(Tiers.Thread, opened.Tier);
        Assert.Contains(refusal.Message, opened.Detail, StringComparison.Ordinal);
        Assert.True(Assert.IsType<Recording>(opened.Recording).IsEnabled);
        Assert.Equal(2, _cpus.Count);
        Assert.All(_cpus, recording => Assert.True(recording.IsDisposed));
    }

    [Fact]
    public void A_tier_that_was_asked_for_and_is_refused_is_not_replaced_and_leaves_nothing_open()
    {
        KernelAccessException refusal = Refusal();
        Assert.Same(refusal, Assert.Throws<KernelAccessException>(() => RecordingOpener.Open(KernelTier.Kernel, () => OpenCpus(refusal), OpenThreads)));
        Assert.All(_cpus, recording => Assert.True(recording.IsDisposed));
    }

    [Fact]
    public void The_best_tier_that_is_not_refused_is_taken()
    {
        using OpenRecording opened = RecordingOpener.Open(tier: null, () => OpenCpus(refusal: null), OpenThreads);
        Assert.Equal(Tiers.Kernel, opened.Tier);
        Assert.All(_cpus, recording => Assert.Equal((true, false), (recording.IsEnabled, recording.IsDisposed)));
    }

    private static OpenRecording OpenThreads(string why) => new(new Recording(null), Faults: null, Tiers.Thread, why);

    private static KernelAccessException Refusal() =>
        Assert.Throws<KernelAccessException>(() => ThreadRecording.Open(int.MaxValue, new ThreadRecordingOptions()));

    /// <summary>Switches are enabled; page faults beside them are refused.</summary>
    private OpenRecording OpenCpus(KernelAccessException? refusal)
    {
        _cpus.AddRange([new Recording(null), new Recording(refusal)]);
        return new OpenRecording(_cpus[0], _cpus[1], Tiers.Kernel, "");
    }

    private sealed class Recording(KernelAccessException? refusal) : ISchedulerRecording
    {
        public bool IsEnabled { get; private set; }

        public bool IsDisposed { get; private set; }

        public long LostTotal => 0;

        public long MalformedTotal => 0;

        public int Unrecorded => 0;

        public bool HasUntoldLoss => false;

        public void Enable()
        {
            if (refusal is not null) throw refusal;
            IsEnabled = true;
        }

        public void Disable() => IsEnabled = false;

        public bool Wait(TimeSpan timeout) => false;

        public long Drain(ISchedulerRecordHandler handler) => 0;

        public long ReadKernelLostTotal() => 0;

        public bool Refresh() => false;

        public void Dispose() => IsDisposed = true;
    }
}
