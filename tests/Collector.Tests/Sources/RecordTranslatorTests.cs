using Observatory.Kernel;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class RecordTranslatorTests
{
    private readonly SourceStatus _status = new("kernel");
    private readonly ThreadNames _names = new();
    private readonly RecordTranslator _translator;

    public RecordTranslatorTests() => _translator = new RecordTranslator(target: 70, _status, _names);

    [Theory]
    [InlineData(false, false, EventKind.SwitchIn)]
    [InlineData(true, false, EventKind.SwitchOut)]
    [InlineData(true, true, EventKind.Preempted)]
    public void A_switch_becomes_what_it_was(bool isOut, bool isPreempted, EventKind expected)
    {
        _translator.OnSwitch(new SwitchRecord(5, Cpu: 1, ProcessId: 7, ThreadId: 8, isOut, isPreempted));
        TimelineEvent translated = Assert.Single(_translator.Events.ToArray());
        Assert.Equal((expected, 5L, 1, 7, 8), (translated.Kind, translated.At.Nanoseconds, translated.Cpu, translated.Process, translated.Thread));
        Assert.Equal(1, _status.Events);
    }

    [Fact]
    public void A_waking_is_about_the_thread_that_was_woken()
    {
        _translator.OnWaking(new WakingRecord(5, Cpu: 1, WakerProcessId: 2, WakerThreadId: 3, WokenThreadId: 4));
        Assert.Equal(TimelineEvent.Waking(new Timestamp(5), 1, 4, waker: 3), Assert.Single(_translator.Events.ToArray()));
    }

    [Fact]
    public void Names_are_learned_and_inherited()
    {
        _translator.OnComm(new CommRecord(1, 0, ProcessId: 70, ThreadId: 70, Name: "sh"));
        _translator.OnFork(new ForkRecord(2, 0, ProcessId: 71, ThreadId: 71, ParentProcessId: 70, ParentThreadId: 70));
        _translator.OnComm(new CommRecord(3, 0, ProcessId: 70, ThreadId: 70, Name: "cat"));
        Assert.Equal(("cat", "sh"), (_names.NameOf(70), _names.NameOf(71)));
    }

    [Fact]
    public void Lost_records_are_counted_and_become_a_loss_on_their_cpu()
    {
        _translator.OnLost(new LostRecord(9, Cpu: 1, Count: 250));
        Assert.Equal(250, _status.Lost);
        Assert.Equal(TimelineEvent.LossEnded(new Timestamp(9), LossScope.Cpu(1)), Assert.Single(_translator.Events.ToArray()));
    }

    [Fact]
    public void Lost_page_faults_put_no_state_in_doubt()
    {
        _translator.OnLost(new LostRecord(9, Cpu: 1, Count: 250, ThreadId: 71));
        Assert.Equal(250, _status.Lost);
        Assert.Empty(_translator.Events.ToArray());
    }

    [Fact]
    public void Malformed_records_are_a_loss_everywhere_and_told_once()
    {
        _translator.OnMalformed(new Timestamp(9), 2);
        _translator.OnMalformed(new Timestamp(10), 2);
        Assert.Equal(2, _status.Lost);
        Assert.Equal(TimelineEvent.LossEnded(new Timestamp(9), LossScope.Scheduler), Assert.Single(_translator.Events.ToArray()));
    }
}
