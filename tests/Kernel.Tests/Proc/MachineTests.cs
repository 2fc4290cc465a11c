using Observatory.Tests.Shared;

namespace Observatory.Kernel.Tests;

public sealed class MachineTimeTests
{
    [Fact]
    public void Stolen_ticks_are_nanoseconds()
    {
        const string Stat = """
            cpu  100 0 50 900 1 2 3 45 0 0
            cpu0 60 0 25 450 1 1 2 40 0 0
            cpu3 40 0 25 450 0 1 1 5 0 0
            intr 5 4
            cpufreq 1 2 3 4 5 6 7 8 9
            """;
        Assert.True(StolenTime.TryParse(Stat, out StolenTimes times));
        Assert.Equal(450_000_000, times.Total);
        Assert.Equal(new Dictionary<int, long> { [0] = 400_000_000, [3] = 50_000_000 }, times.ByCpu);
    }

    [Theory]
    [InlineData("")]
    [InlineData("intr 5 4\n")]
    [InlineData("cpu  100 0 50 900 1 2 3\n")]
    [InlineData("cpu0 100 0 50 900 1 2 3 4\n")]
    public void Without_the_total_nothing_is_said(string text) => Assert.False(StolenTime.TryParse(text, out _));

    [Fact]
    public void A_file_that_stays_open_tells_the_total_again_and_again()
    {
        using var folder = new TemporaryFolder();
        string path = folder.With("/stat", "cpu  100 0 50 900 1 2 3 45 0 0\ncpu0 100 0 50 900 1 2 3 45 0 0\n").Path + "/stat";
        using CounterFile stat = CounterFile.Open(path)!;
        Assert.Equal(450_000_000, StolenTime.ReadTotal(stat));
        folder.With("/stat", "cpu  101 0 50 900 1 2 3 46 0 0\n");
        Assert.Equal(460_000_000, StolenTime.ReadTotal(stat));
    }

    [Fact]
    public void This_machine_says_what_was_stolen()
    {
        using CounterFile stat = CounterFile.Open("/proc/stat")!;
        long before = StolenTime.ReadTotal(stat)!.Value;
        Assert.True(StolenTime.TryRead(out StolenTimes times));
        Assert.InRange(times.Total, before, StolenTime.ReadTotal(stat)!.Value);
        Assert.Equal(OnlineCpus.Read(), times.ByCpu.Keys.Order());
        Assert.InRange(times.ByCpu.Values.Sum(), times.Total - 1_000_000_000, times.Total + 1_000_000_000);
    }

    [Fact]
    public void Pressure_is_two_totals()
    {
        const string Both = """
            some avg10=1.50 avg60=0.70 avg300=0.20 total=123456
            full avg10=0.00 avg60=0.10 avg300=0.05 total=789
            """;
        Assert.True(PressureStall.TryParse(Both, out PressureTotals totals));
        Assert.Equal(new PressureTotals(123_456, 789), totals);
        Assert.True(PressureStall.TryParse(Both.Split('\n')[0], out totals));
        Assert.Equal(new PressureTotals(123_456, -1), totals);
    }

    [Theory]
    [InlineData("")]
    [InlineData("some avg10=0.00\n")]
    [InlineData("full avg10=0.00 avg60=0.00 avg300=0.00 total=7\n")]
    public void Other_text_is_no_pressure(string text) => Assert.False(PressureStall.TryParse(text, out _));

    [Fact]
    public void This_machine_says_its_pressure_where_it_counts_it()
    {
        if (!Directory.Exists("/proc/pressure")) Assert.Skip("needs Linux 4.20 with psi=1");
        Assert.All(PressureStall.Resources, resource =>
        {
            using CounterFile file = CounterFile.Open($"/proc/pressure/{resource}")!;
            long before = PressureStall.ReadSome(file)!.Value;
            Assert.True(PressureStall.TryRead(resource, out PressureTotals totals));
            Assert.InRange(totals.SomeMicroseconds, before, PressureStall.ReadSome(file)!.Value);
            Assert.InRange(totals.SomeMicroseconds, Math.Max(0, totals.FullMicroseconds), long.MaxValue);
        });
        Assert.False(PressureStall.TryRead("patience", out _));
    }
}

public sealed class CpuListTests
{
    [Theory]
    [InlineData("0\n", new[] { 0 })]
    [InlineData("0-1,4\n", new[] { 0, 1, 4 })]
    [InlineData("0-3,8-11", new[] { 0, 1, 2, 3, 8, 9, 10, 11 })]
    [InlineData("4,0-1,1", new[] { 0, 1, 4 })]
    [InlineData("", new int[0])]
    public void Ranges_and_numbers_are_listed_in_order(string text, int[] expected)
    {
        Assert.True(CpuList.TryParse(text, out int[] cpus));
        Assert.Equal(expected, cpus);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("3-1")]
    [InlineData("-1")]
    [InlineData("0-")]
    [InlineData("0-99999999")]
    public void Other_text_is_no_list(string text) => Assert.False(CpuList.TryParse(text, out _));
}

public sealed class MachineMemoryTests
{
    [Fact]
    public void Available_is_in_kibibytes() => Assert.Equal(
        24196648L * 1024,
        MachineMemory.ParseAvailable("MemTotal:       24683612 kB\nMemAvailable:   24196648 kB\nBuffers: 2 kB\n"));

    [Theory]
    [InlineData("")]
    [InlineData("MemTotal:       24683612 kB\n")]
    [InlineData("MemAvailable: many kB\n")]
    public void Absent_or_unreadable_is_null(string text) => Assert.Null(MachineMemory.ParseAvailable(text));
}

public sealed class ResidentMemoryTests
{
    [Fact]
    public void The_second_number_is_resident_pages()
    {
        Assert.True(ResidentMemory.TryParse("66023 31514 20017 24 0 12171 0\n", pageSize: 4096, out long bytes));
        Assert.Equal(31514 * 4096L, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("66023")]
    [InlineData("66023 x 1")]
    [InlineData("0 0 0 0 0 0 0\n")]
    public void What_is_no_such_line_or_of_a_process_without_memory_is_refused(string line) =>
        Assert.False(ResidentMemory.TryParse(line, pageSize: 4096, out _));

    [Fact]
    public void This_process_has_some() => Assert.True(ResidentMemory.TryRead(Environment.ProcessId, out long bytes) && bytes > 1_000_000);

    [Fact]
    public void A_process_that_is_gone_has_none() => Assert.False(ResidentMemory.TryRead(int.MaxValue, out _));

    [Fact]
    public void A_file_that_stays_open_tells_the_same()
    {
        using CounterFile? statm = ResidentMemory.Open(Environment.ProcessId);
        Assert.True(ResidentMemory.TryRead(Environment.ProcessId, out long bytes));
        // Others allocate meanwhile.
        Assert.InRange(ResidentMemory.Read(statm!)!.Value, bytes / 2, bytes * 2);
        Assert.Null(ResidentMemory.Open(int.MaxValue));
    }
}

public sealed class OnlineCpusTests
{
    [Fact]
    public void Where_sysfs_is_not_mounted_the_counts_of_CPUs_tell_which_there_are()
    {
        Assert.True(OnlineCpus.TryRead(out int[] cpus, list: "/sys/no/such/list"));
        Assert.Equal(OnlineCpus.Read(), cpus);
    }
}
