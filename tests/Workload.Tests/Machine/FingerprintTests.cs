using Observatory.Tests.Shared;
using Observatory.Kernel;
using Observatory.Study;

namespace Observatory.Workload.Tests;

public sealed class FingerprintTests
{
    private const string Cache = "sys/devices/system/cpu/cpu0/cache";

    [Fact]
    public void It_says_what_the_machine_says_about_itself()
    {
        using TemporaryFolder folder = Machine("0123456789abcdef0123456789abcdef");

        MachineFingerprint machine = Fingerprint.Read(new CgroupFiles(folder.Path), "2.10.0", threads: 3);

        Assert.Equal("Model 7 @ 2.0GHz: fast", machine.Cpu);
        Assert.Equal((32 << 10, 1 << 20, 32 << 20), (machine.L1dBytes, machine.L2Bytes, machine.L3Bytes));
        Assert.Equal((2048L << 10, "6.18.0", "performance"), (machine.MemoryBytes, machine.Kernel, machine.Governor));
        Assert.Equal(("2.10.0", 3), (machine.Torch, machine.Threads));
        Assert.Null(machine.CgroupCpus);
    }

    [Fact]
    public void The_id_is_that_of_the_machine_and_does_not_show_it()
    {
        const string one = "0123456789abcdef0123456789abcdef";
        Assert.Equal(Id(one), Id(one));
        Assert.NotEqual(Id(one), Id("1123456789abcdef0123456789abcdef"));
        Assert.Equal(16, Id(one).Length);
        Assert.DoesNotContain(Id(one), one, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_machine_does_not_say_is_unknown()
    {
        using var folder = new TemporaryFolder();

        MachineFingerprint machine = Fingerprint.Read(new CgroupFiles(folder.Path), "2.10.0", threads: 1);

        Assert.Equal((null, null, null, null), (machine.Cpu, machine.L1dBytes, machine.MemoryBytes, machine.Governor));
    }

    private static string Id(string machineId)
    {
        using TemporaryFolder folder = Machine(machineId);
        return Fingerprint.Read(new CgroupFiles(folder.Path), "", 1).Id;
    }

    private static TemporaryFolder Machine(string id) => new TemporaryFolder()
        .With("etc/machine-id", id + "\n")
        .With("proc/cpuinfo", "processor\t: 0\nmodel name\t: Model 7 @ 2.0GHz: fast\n\nprocessor\t: 1\nmodel name\t: x\n")
        .With("proc/meminfo", "MemTotal:        2048 kB\nMemAvailable:    1024 kB\n")
        .With("proc/sys/kernel/osrelease", "6.18.0\n")
        .With("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n")
        .With($"{Cache}/index0/level", "1\n").With($"{Cache}/index0/type", "Instruction\n").With($"{Cache}/index0/size", "64K\n")
        .With($"{Cache}/index1/level", "1\n").With($"{Cache}/index1/type", "Data\n").With($"{Cache}/index1/size", "32K\n")
        .With($"{Cache}/index2/level", "2\n").With($"{Cache}/index2/type", "Unified\n").With($"{Cache}/index2/size", "1024K\n")
        .With($"{Cache}/index3/level", "3\n").With($"{Cache}/index3/type", "Unified\n").With($"{Cache}/index3/size", "32768K\n");
}
