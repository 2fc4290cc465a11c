using Observatory.Kernel;
using Observatory.Hosting;

namespace Observatory.Workload.Tests;

public sealed class PresetTests
{
    private const long Kibi = 1024;

    [Theory]
    [InlineData("study", 44)]
    [InlineData("long-context", 12)]
    [InlineData("quick", 6)]
    public void A_preset_is_a_study(string name, int points) =>
        Assert.Equal(points, StudyPoints.List(Options(("--preset", name)), [1]).Count);

    [Fact]
    public void What_is_written_anywhere_comes_first()
    {
        SweepOptions options = Options(("--preset", "quick"), ("--iterations", "7"), ("--operation", "attention"));

        Assert.Equal((7, 3), (options.Iterations, options.Passes));
        Assert.Equal(["attention"], options.Operations.Select(operation => operation.Name));
    }

    /// <summary>Attention stands beside the 32; a size that is named is wanted alone.</summary>
    [Fact]
    public void A_preset_with_a_size_of_one_s_own_is_a_product_of_sizes()
    {
        Assert.Equal(12, StudyPoints.List(Options(("--preset", "study")), [1]).Count(point => point.Operation.Name == "attention"));
        Assert.Equal(16, StudyPoints.List(Options(("--preset", "study"), ("--sequences", "64")), [1]).Count);
        Assert.Equal(44, StudyPoints.List(Options(("--preset", "study"), ("--iterations", "7")), [1]).Count);
    }

    [Fact]
    public void The_precision_of_a_preset_holds_for_a_sweep_with_an_end_only()
    {
        Assert.Null(Options(("--preset", "study")).Precision);
        SweepOptions once = Options(("--preset", "study"), ("--once", "true"));
        Assert.Equal((0.05, 30, TimeSpan.FromMinutes(12)), (once.Precision, once.Passes, once.Duration));
        Assert.Equal(0.02, Options(("--precision", "2%")).Precision);
    }

    [Fact]
    public void The_ladder_leads_from_half_of_the_first_cache_to_four_times_the_last()
    {
        Preset ladder = Preset.CacheLadder(new CpuCaches(32 * Kibi, 1024 * Kibi, 4096 * Kibi));

        IReadOnlyList<StudyPoint> points = StudyPoints.List(SweepOptionsReader.Read(new SettingLayers(ladder.Layer)), [1]);

        long[] kibibytes = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384];
        Assert.Equal(kibibytes.Select(size => size * Kibi), points.Select(point => point.WorkingSetBytes));
    }

    [Fact]
    public void Without_cache_sizes_there_is_no_ladder() =>
        Assert.Throws<UsageException>(() => Preset.CacheLadder(new CpuCaches(null, 1024 * Kibi, null)));

    private static SweepOptions Options(params (string Name, string? Value)[] given) => SweepOptionsReader.Read(
        new SettingLayers(SettingLayer.CommandLine(given.ToDictionary(one => one.Name, one => one.Value))));
}
