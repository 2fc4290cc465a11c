using Google.Protobuf;

namespace Observatory.Recorder.Tests;

/// <summary>
/// Reads a Perfetto trace from its bytes, by the public numbers of the format's fields and with no code of the writer:
/// what is wrong here and there alike would be wrong in the format's own documentation.
/// </summary>
internal sealed class PerfettoReader
{
    private readonly Dictionary<ulong, string> _eventNames = [];
    private readonly Dictionary<ulong, string> _argumentNames = [];
    private readonly Dictionary<ulong, string> _symbols = [];
    private readonly Dictionary<int, int> _onCpu = [];
    private readonly Dictionary<ulong, Stack<ReadSlice>> _open = [];

    public PerfettoReader(byte[] file)
    {
        foreach (Field packet in Field.All(file))
        {
            Assert.Equal(1, packet.Number);
            ReadPacket([.. Field.All(packet.Bytes)]);
        }

        Assert.All(_open.Values, Assert.Empty);
    }

    public List<ReadSwitch> Switches { get; } = [];

    public List<(long At, int Cpu, int Thread, bool InInterrupt)> WakeUps { get; } = [];

    public List<(long At, int Thread)> NewThreads { get; } = [];

    public List<(long At, int Thread, string Reason)> BlockedReasons { get; } = [];

    public List<ReadSlice> Slices { get; } = [];

    public List<(ulong Track, long At, long Value)> Values { get; } = [];

    public Dictionary<ulong, ReadTrack> Tracks { get; } = [];

    public Dictionary<int, (int Process, string Name)> Threads { get; } = [];

    public Dictionary<int, string> Processes { get; } = [];

    public Dictionary<long, long> Clocks { get; } = [];

    public string? KernelRelease { get; private set; }

    public int BundlesAfterLoss { get; private set; }

    /// <summary>Full switches whose predecessor is not the thread that had the CPU; Perfetto counts them as errors.</summary>
    public int Mismatches { get; private set; }

    private void ReadPacket(Field[] packet)
    {
        Assert.NotEqual(0ul, Field.Of(packet, 10)!.Value.Value);
        long at = (long)(Field.Of(packet, 8)?.Value ?? 0);
        foreach (Field interned in Field.Of(packet, 12) is { } data ? Field.All(data.Bytes) : []) Intern(interned);
        foreach (Field field in packet)
        {
            Field[] content = field.Number is 1 or 2 or 6 or 11 or 45 or 60 ? [.. Field.All(field.Bytes)] : [];
            switch (field.Number)
            {
                case 1: ReadBundle(content); break;
                case 2: ReadProcesses(content); break;
                case 6: ReadClocks(content); break;
                case 11: ReadTrackEvent(at, content); break;
                case 45: KernelRelease = Field.Of([.. Field.All(content[0].Bytes)], 3)!.Value.Text; break;
                case 60: ReadTrack(content); break;
            }
        }
    }

    private void Intern(Field entry)
    {
        Dictionary<ulong, string> table = entry.Number switch { 2 => _eventNames, 3 => _argumentNames, 26 => _symbols, _ => throw new InvalidDataException($"table {entry.Number}") };
        Field[] fields = [.. Field.All(entry.Bytes)];
        table.Add(Field.Of(fields, 1)!.Value.Value, Field.Of(fields, 2)!.Value.Text);
    }

    private void ReadClocks(Field[] snapshot)
    {
        foreach (Field clock in snapshot.Where(field => field.Number == 1))
        {
            Field[] fields = [.. Field.All(clock.Bytes)];
            Clocks[(long)Field.Of(fields, 1)!.Value.Value] = (long)Field.Of(fields, 2)!.Value.Value;
        }

        Assert.Equal(6ul, Field.Of(snapshot, 2)!.Value.Value);
    }

    private void ReadProcesses(Field[] tree)
    {
        foreach (Field entry in tree)
        {
            Field[] fields = [.. Field.All(entry.Bytes)];
            int id = (int)Field.Of(fields, 1)!.Value.Value;
            if (entry.Number == 1) Processes[id] = Field.Of(fields, 3)!.Value.Text;
            else Threads[id] = ((int)Field.Of(fields, 3)!.Value.Value, Field.Of(fields, 2)!.Value.Text);
        }
    }

    private void ReadTrack(Field[] descriptor)
    {
        int thread = Field.Of(descriptor, 4) is { } of ? (int)Field.Of([.. Field.All(of.Bytes)], 2)!.Value.Value : 0;
        ulong uuid = Field.Of(descriptor, 1)!.Value.Value;
        Tracks.Add(uuid, new ReadTrack(uuid, Field.Of(descriptor, 2)?.Text ?? "", Field.Of(descriptor, 5)?.Value ?? 0, thread, Field.Of(descriptor, 8) is not null));
    }

    private void ReadTrackEvent(long at, Field[] told)
    {
        ulong track = Field.Of(told, 11)!.Value.Value;
        switch (Field.Of(told, 9)!.Value.Value)
        {
            case 1:
                if (!_open.TryGetValue(track, out Stack<ReadSlice>? open)) _open.Add(track, open = []);
                open.Push(new ReadSlice(Tracks[track], _eventNames[Field.Of(told, 10)!.Value.Value], at, at, ReadArguments(told), Field.Of(told, 47)?.Value ?? 0));
                break;
            case 2: Slices.Add(_open[track].Pop() with { To = at }); break;
            case 4:
                Assert.True(Tracks[track].IsCounter);
                Values.Add((track, at, (long)Field.Of(told, 30)!.Value.Value));
                break;
            default: throw new InvalidDataException("type of a track event");
        }
    }

    private Dictionary<string, string> ReadArguments(Field[] told) => told.Where(field => field.Number == 4)
        .Select(field => (Field[])[.. Field.All(field.Bytes)])
        .ToDictionary(
            fields => _argumentNames[Field.Of(fields, 1)!.Value.Value],
            fields => Field.Of(fields, 6)?.Text ?? ((long)Field.Of(fields, 4)!.Value.Value).ToString());

    private void ReadBundle(Field[] bundle)
    {
        int cpu = (int)(Field.Of(bundle, 1)?.Value ?? 0);
        bool isAfterLoss = Field.Of(bundle, 3)?.Value == 1;
        if (isAfterLoss) BundlesAfterLoss++;
        foreach (Field full in bundle.Where(field => field.Number == 2)) ReadFull(cpu, [.. Field.All(full.Bytes)]);
        if (Field.Of(bundle, 4) is { } compact) ReadCompact(cpu, [.. Field.All(compact.Bytes)]);
    }

    private void ReadFull(int cpu, Field[] happened)
    {
        long at = (long)Field.Of(happened, 1)!.Value.Value;
        foreach (Field field in happened.Where(field => field.Number > 2))
        {
            Field[] content = [.. Field.All(field.Bytes)];
            int Number(int number) => (int)(Field.Of(content, number)?.Value ?? 0);
            switch (field.Number)
            {
                case 4:
                    if (_onCpu.TryGetValue(cpu, out int holder) && holder != Number(2)) Mismatches++;
                    Switches.Add(new ReadSwitch(at, cpu, Number(2), Number(4), Number(6), IsFull: true));
                    _onCpu[cpu] = Number(6);
                    break;
                case 18: BlockedReasons.Add((at, Number(1), _symbols[(ulong)Number(2)])); break;
                case 114: Assert.Contains(NewThreads, made => made == (at, Number(2))); break;
                case 235: NewThreads.Add((at, Number(1))); break;
                default: throw new InvalidDataException($"event {field.Number}");
            }
        }
    }

    private void ReadCompact(int cpu, Field[] columns)
    {
        string[] table = [.. columns.Where(field => field.Number == 5).Select(field => field.Text)];
        long[] Column(int number) => Field.Of(columns, number) is { } column ? column.Packed() : [];
        (long[] times, long[] states, long[] next, long[] comms) = (Column(1), Column(2), Column(3), Column(6));
        Assert.Equal([times.Length, times.Length, times.Length, times.Length], [states.Length, next.Length, Column(4).Length, comms.Length]);
        long at = 0;
        for (int i = 0; i < times.Length; i++)
        {
            Assert.True(times[i] >= 0);
            at += times[i];
            Assert.InRange(comms[i], 0, table.Length - 1);
            // Without a full switch before it, nothing tells which thread leaves.
            Switches.Add(new ReadSwitch(at, cpu, _onCpu[cpu], states[i], (int)next[i], IsFull: false));
            _onCpu[cpu] = (int)next[i];
        }

        (long[] wakings, long[] woken, long[] flags) = (Column(7), Column(8), Column(12));
        Assert.Equal([wakings.Length, wakings.Length, wakings.Length, wakings.Length], [woken.Length, Column(9).Length, Column(11).Length, flags.Length]);
        at = 0;
        for (int i = 0; i < wakings.Length; i++) WakeUps.Add((at += wakings[i], cpu, (int)woken[i], (flags[i] & 0x18) != 0));
    }
}

internal sealed record ReadTrack(ulong Uuid, string Name, ulong Parent, int Thread, bool IsCounter);

/// <summary>A slice of a track. Slices of one <c>Flow</c> that is not 0 are joined by arrows.</summary>
internal sealed record ReadSlice(ReadTrack Track, string Name, long From, long To, Dictionary<string, string> Arguments, ulong Flow);

internal sealed record ReadSwitch(long At, int Cpu, int Previous, long PreviousState, int Next, bool IsFull);

/// <summary>A field of a message on the wire.</summary>
internal readonly record struct Field(int Number, ulong Value, byte[] Bytes)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);

    public static Field? Of(Field[] fields, int number)
    {
        foreach (Field field in fields)
        {
            if (field.Number == number) return field;
        }

        return null;
    }

    public static IEnumerable<Field> All(byte[] message)
    {
        using var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag && tag != 0)
        {
            int number = WireFormat.GetTagFieldNumber(tag);
            yield return WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => new Field(number, input.ReadUInt64(), []),
                WireFormat.WireType.Fixed64 => new Field(number, input.ReadFixed64(), []),
                WireFormat.WireType.LengthDelimited => new Field(number, 0, input.ReadBytes().ToByteArray()),
                var other => throw new InvalidDataException($"wire type {other}"),
            };
        }
    }

    public long[] Packed()
    {
        using var input = new CodedInputStream(Bytes);
        List<long> values = [];
        while (!input.IsAtEnd) values.Add(input.ReadInt64());
        return [.. values];
    }
}
