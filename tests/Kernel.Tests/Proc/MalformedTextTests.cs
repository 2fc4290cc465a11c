using CsCheck;

namespace Observatory.Kernel.Tests;

/// <summary>
/// Text of /proc and of control groups as another kernel, a sandbox or a file that changes while it is read may have it:
/// parsers refuse what makes no sense, and none of them throws.
/// </summary>
public sealed class MalformedTextTests
{
    private static readonly string[] Real =
    [
        .. new[] { "stat", "status", "schedstat", "statm", "limits", "cgroup", "mountinfo", "timens_offsets", "task/1/stat" }
            .Select(file => $"/proc/self/{file}")
            .Concat(["/proc/stat", "/proc/meminfo", "/proc/loadavg", "/proc/pressure/cpu", "/sys/devices/system/cpu/online"])
            .Where(File.Exists)
            .Select(File.ReadAllText),
        "nr_periods 10\nnr_throttled 3\nthrottled_usec 500\n",
        "max 100000\n",
        "0-3,8\n",
        "",
    ];

    private static readonly string[] Nonsense =
        ["-1", "18446744073709551616", "9223372036854775807", "0x1f", "\0", "\n", "\n\n", " ", "\t", ")", "(", ":", "kB", "max", "cpu", "-", ",", "\u0661", "\ud800"];

    // A real text with stretches taken out, doubled, or replaced by what parsers stumble over.
    private static readonly Gen<string> Text = Gen.Select(
        Gen.Int[0, Real.Length - 1], Gen.Select(Gen.Double[0, 1], Gen.Int[0, 40], Gen.Int[-1, Nonsense.Length - 1]).Array[1, 6],
        (which, changes) => changes.Aggregate(Real[which], (text, change) =>
        {
            int at = (int)(change.Item1 * text.Length);
            int length = Math.Min(change.Item2, text.Length - at);
            string instead = change.Item3 < 0 ? string.Concat(text.AsSpan(at, length), text.AsSpan(at, length)) : Nonsense[change.Item3];
            return text.Remove(at, length).Insert(at, instead);
        }));

    private static readonly (string Name, Action<string> Parse)[] Parsers =
    [
        ("stat of a thread", text => ThreadStat.TryParse(text, out _)),
        ("schedule", text => ThreadSchedule.TryParse(text, out _)),
        ("scheduling", text => ThreadScheduling.TryParse(text, text, [0, 1], out _)),
        ("process of a thread", text => ThreadGroup.TryParse(text, out _)),
        ("switches", text => ContextSwitchCounts.TryParse(text, out _, out _)),
        ("steal", text => StolenTime.TryParse(text, out _)),
        ("pressure", text => PressureStall.TryParse(text, out _)),
        ("resident memory", text => ResidentMemory.TryParse(text, 4096, out _)),
        ("list of CPUs", text => CpuList.TryParse(text, out _)),
        ("memory", text => MachineMemory.ParseAvailable(text)),
        ("load", text => LoadAverage.Parse(text)),
        ("limits", text => ResourceLimits.Parse(text)),
        ("throttling", text => CgroupThrottling.TryParse(text, out _)),
        ("bandwidth", text => CpuQuota.ParseVersion2(text)),
        ("limit of CPU", text => CpuQuota.ParseVersion2(text)),
        ("offset of the clock", text => TimeNamespace.ParseOffset(text)),
        ("paranoid level", text => ParanoidLevel.TryParse(text, out _)),
    ];

    [Fact]
    public void No_parser_throws() => Text.Sample(
        text =>
        {
            foreach ((string name, Action<string> parse) in Parsers)
            {
                Exception? thrown = Xunit.Record.Exception(() => parse(text));
                Assert.True(thrown is null, $"{name}: {thrown}");
            }
        },
        iter: 5_000,
        threads: 1);
}
