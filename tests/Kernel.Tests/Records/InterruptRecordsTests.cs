using System.Buffers.Binary;
using static Observatory.Kernel.Tests.RecordBytes;

namespace Observatory.Kernel.Tests;

/// <summary>What a wake-up in an interrupt was for: told by what the CPU serves then.</summary>
public sealed class InterruptRecordsTests : IDisposable
{
    private const byte Hard = 0x08;
    private const byte Soft = 0x10;
    private const int Disk = 36;
    private static readonly InterruptTracepoints Tracepoints = new(HandlerEntry: 101, HandlerExit: 102, SoftEntry: 103, SoftExit: 104);

    private readonly string _root = Directory.CreateTempSubdirectory("proc").FullName;
    private readonly Wakes _wakes = new();
    private readonly RecordDispatcher _dispatcher = new(
        new WakingDecoder(WokenIdOffset), new ThreadIdMap(true), faults: null,
        new InterruptRecords(Tracepoints, interrupt => interrupt == Disk ? InterruptKind.Disk : InterruptKind.Other));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_thread_wakes_in_its_own_name() => Expect(InterruptKind.None, Wake(flags: 0));

    [Fact]
    public void A_hard_interrupt_outside_of_a_device_s_handler_is_a_timer() => Expect(InterruptKind.Timer, Wake(Hard));

    [Fact]
    public void Inside_of_a_handler_it_is_the_device() => Expect(InterruptKind.Disk, Served(101, Disk), Wake(Hard));

    [Fact]
    public void After_the_handler_it_is_a_timer_again() => Expect(InterruptKind.Timer, Served(101, Disk), Served(102, Disk), Wake(Hard));

    [Fact]
    public void What_another_cpu_serves_does_not_matter() => Expect(InterruptKind.Timer, Served(101, Disk, cpu: 0), Wake(Hard));

    [Theory]
    [InlineData(3, InterruptKind.Network)]
    [InlineData(4, InterruptKind.Disk)]
    [InlineData(1, InterruptKind.Other)]
    public void Work_that_was_put_off_has_a_kind(int vector, InterruptKind kind) => Expect(kind, Served(103, vector), Wake(Soft));

    [Fact]
    public void Work_that_is_not_recorded_is_something_else() => Expect(InterruptKind.Other, Served(103, 3), Served(104, 3), Wake(Soft));

    [Fact]
    public void A_hard_interrupt_during_such_work_is_its_own() => Expect(InterruptKind.Timer, Served(103, 3), Wake(Hard | Soft));

    [Fact]
    public void After_a_loss_it_is_not_known_what_is_served()
    {
        Expect(InterruptKind.Other, Served(101, Disk), Lost(1, 1, 5), Wake(Hard));
        Expect(InterruptKind.Timer, Served(102, Disk), Wake(Hard));
    }

    [Fact]
    public void Without_the_tracepoints_an_interrupt_is_an_interrupt()
    {
        var dispatcher = new RecordDispatcher(new WakingDecoder(WokenIdOffset), new ThreadIdMap(true));
        dispatcher.Dispatch(new PerfRecord(Wake(Hard)), _wakes);
        Assert.Equal(InterruptKind.Other, _wakes.Last);
    }

    [Theory]
    [InlineData(36, InterruptKind.Disk)]
    [InlineData(38, InterruptKind.Network)]
    [InlineData(40, InterruptKind.Disk)]
    [InlineData(24, InterruptKind.Other)]
    [InlineData(999, InterruptKind.Other)]
    public void A_device_is_known_by_the_name_of_its_interrupt(int interrupt, InterruptKind kind)
    {
        File.WriteAllText(Path.Combine(_root, "interrupts"), """
                       CPU0       CPU1
             24:          1          0  IO-APIC   5-edge      ACPI:Ged
             36:          0      10272 PCI-MSIX-0000:00:02.0   1-edge      virtio1-req.0
             38:          0       7256 PCI-MSIX-0000:00:03.0   1-edge      virtio2-input.0
             40:          0       7256 PCI-MSIX-0000:00:04.0   1-edge      nvme0q1
            LOC:     295537     342332   Local timer interrupts
            """);
        Assert.Equal(kind, new InterruptNames(_root).KindOf(interrupt));
    }

    /// <summary>What is known from the beginning is not looked up while records are read.</summary>
    [Fact]
    public void Devices_are_known_from_the_beginning_and_one_that_comes_later_is_looked_up_once()
    {
        string file = Path.Combine(_root, "interrupts");
        File.WriteAllText(file, " 30:  1  2 IO-APIC 30-edge virtio0-req.0\n");
        var names = new InterruptNames(_root);
        File.WriteAllText(file, " 31:  1  2 IO-APIC 31-edge eth0\n");
        Assert.Equal(InterruptKind.Disk, names.KindOf(30));
        Assert.Equal(InterruptKind.Network, names.KindOf(31));
        File.Delete(file);
        Assert.Equal((InterruptKind.Network, InterruptKind.Other), (names.KindOf(31), names.KindOf(32)));
    }

    private void Expect(InterruptKind expected, params byte[][] records)
    {
        foreach (byte[] record in records) _dispatcher.Dispatch(new PerfRecord(record), _wakes);
        Assert.Equal(0, _dispatcher.MalformedTotal);
        Assert.Equal(expected, _wakes.Last);
    }

    private static byte[] Wake(byte flags)
    {
        byte[] record = Waking(5, cpu: 1, 40, 41, 41, 52);
        record[36] = 77;
        record[36 + 2] = flags;
        return record;
    }

    /// <summary>A sample of a tracepoint of interrupts: its number first, the interrupt's or vector's after the common fields.</summary>
    private static byte[] Served(ushort tracepoint, int number, int cpu = 1)
    {
        byte[] record = Waking(4, cpu, 0, 0, 0, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(36), tracepoint);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(36 + 8), number);
        return record;
    }

    private sealed class Wakes : ISchedulerRecordHandler
    {
        public InterruptKind? Last { get; private set; }

        public void OnWaking(in WakingRecord r) => Last = r.Interrupt;

        public void OnSwitch(in SwitchRecord r)
        {
        }

        public void OnLost(in LostRecord r)
        {
        }
    }
}
