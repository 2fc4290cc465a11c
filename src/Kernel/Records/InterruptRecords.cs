using System.Buffers.Binary;

namespace Observatory.Kernel;

/// <summary>What an interrupt is served for.</summary>
public enum InterruptKind
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>A timer has run out.</summary>
    Timer,

    /// <summary>A block device has done what it was asked for.</summary>
    Disk,

    /// <summary>Packets have come, from a network card or from this machine itself.</summary>
    Network,

    /// <summary>Another device, or it is not known.</summary>
    Other,
}

/// <summary>Follows what the CPUs serve interrupts for, by the records of <see cref="InterruptTracepoints"/>.</summary>
internal sealed class InterruptRecords(InterruptTracepoints tracepoints, Func<int, InterruptKind> kindOfDevice)
{
    // Each of these tracepoints has one number as its first own field: irq or vec.
    private const int NumberOffset = WakingSample.RawOffset + 8;

    private const int NetworkReceive = 3;
    private const int Block = 4;
    private const int UsualCpus = 128;

    // With more CPUs they grow when an interrupt comes on one; a drain allocates nothing until then.
    private InterruptKind[] _hard = new InterruptKind[UsualCpus];
    private InterruptKind[] _soft = new InterruptKind[UsualCpus];

    /// <summary>Takes a sample if it is about an interrupt.</summary>
    public bool TryTake(PerfRecord record)
    {
        ReadOnlySpan<byte> bytes = record.Bytes;
        if (bytes.Length < NumberOffset + sizeof(int)) return false;
        // common_type comes first in the fields of every tracepoint.
        int tracepoint = BinaryPrimitives.ReadUInt16LittleEndian(bytes[WakingSample.RawOffset..]);
        int number = BinaryPrimitives.ReadInt32LittleEndian(bytes[NumberOffset..]);
        if (tracepoint == tracepoints.HandlerEntry) Serve(ref _hard, record, kindOfDevice(number));
        else if (tracepoint == tracepoints.HandlerExit) Serve(ref _hard, record, InterruptKind.None);
        else if (tracepoint == tracepoints.SoftEntry) Serve(ref _soft, record, KindOfSoft(number));
        else if (tracepoint == tracepoints.SoftExit) Serve(ref _soft, record, InterruptKind.None);
        else return false;
        return true;
    }

    /// <summary>What the interrupt on a CPU is for.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="isHard">True inside a hard interrupt; else what was put off by one is done.</param>
    public InterruptKind Now(int cpu, bool isHard) => isHard
        ? Of(_hard, cpu) is not InterruptKind.None and var device ? device : InterruptKind.Timer
        : Of(_soft, cpu) is not InterruptKind.None and var served ? served : InterruptKind.Other;

    /// <summary>Records of a CPU are missing: what it serves is not known before it serves the next one.</summary>
    public void Forget(int cpu)
    {
        if (cpu < _hard.Length && cpu >= 0) _hard[cpu] = InterruptKind.Other;
        if (cpu < _soft.Length && cpu >= 0) _soft[cpu] = InterruptKind.Other;
    }

    private static InterruptKind KindOfSoft(int vector) => vector switch
    {
        NetworkReceive => InterruptKind.Network,
        Block => InterruptKind.Disk,
        _ => InterruptKind.Other,
    };

    private static InterruptKind Of(InterruptKind[] served, int cpu) => cpu < served.Length && cpu >= 0 ? served[cpu] : InterruptKind.None;

    private static void Serve(ref InterruptKind[] served, PerfRecord record, InterruptKind kind)
    {
        int cpu = SampleId.Read(record.Bytes[PerfRecord.HeaderBytes..]).Cpu;
        if (cpu is < 0 or > short.MaxValue) return;
        if (cpu >= served.Length) Array.Resize(ref served, cpu + 1);
        served[cpu] = kind;
    }
}

/// <summary>What devices are there for, from the names of their interrupts in /proc/interrupts; proc(5).</summary>
internal sealed class InterruptNames
{
    // virtio-blk is virtio1-req.0, NVMe nvme0q1; names of network cards are those of their interfaces or drivers.
    private static readonly string[] Disks = ["-req", "nvme", "ahci", "ata", "scsi", "mmc", "sdhci", "megasas", "mpt", "xvd", "blkif", "dasd"];
    private static readonly string[] Networks = ["-input", "-output", "eth", "eno", "ens", "enp", "wlan", "wlp", "mlx", "ixgbe", "i40e", "ice-", "igb", "bnx", "vmxnet", "ena", "gve"];
    private readonly Dictionary<int, InterruptKind> _known = [];
    private readonly string _procRoot;

    /// <summary>Reads the file, so that a drain need not when a device it knows interrupts for the first time.</summary>
    public InterruptNames(string procRoot = "/proc")
    {
        _procRoot = procRoot;
        Learn();
    }

    /// <summary>The kind of the device with an interrupt's number; for one that is not known yet the file is read again, once.</summary>
    public InterruptKind KindOf(int interrupt)
    {
        if (_known.TryGetValue(interrupt, out InterruptKind kind)) return kind;
        Learn();
        return _known[interrupt] = _known.GetValueOrDefault(interrupt, InterruptKind.Other);
    }

    private void Learn()
    {
        if (KernelText.TryRead($"{_procRoot}/interrupts", out string text)) Learn(text);
    }

    private void Learn(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || !int.TryParse(line.AsSpan(0, colon).Trim(), out int interrupt)) continue;
            string name = line[(line.TrimEnd().LastIndexOf(' ') + 1)..];
            _known[interrupt] = Array.Exists(Disks, part => name.Contains(part, StringComparison.Ordinal)) ? InterruptKind.Disk
                : Array.Exists(Networks, part => name.Contains(part, StringComparison.Ordinal)) ? InterruptKind.Network
                : InterruptKind.Other;
        }
    }
}
