using System.Diagnostics;
using static TorchSharp.torch;

namespace Observatory.Workload;

/// <summary>Floating point operations per second of the fastest square matrix product that libtorch was seen to make.</summary>
internal static class GemmPeak
{
    private static readonly long[] Sizes = [512, 1024, 2048];
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(0.4);

    /// <summary>On the calling thread and those that libtorch adds.</summary>
    public static double Measure() => Sizes.Max(Measure);

    private static double Measure(long size)
    {
        using Tensor one = rand([size, size], ScalarType.Float32);
        using Tensor other = rand([size, size], ScalarType.Float32);
        long begin = Stopwatch.GetTimestamp();
        TimeSpan fastest = Time(one, other);
        while (Stopwatch.GetElapsedTime(begin) < Longest)
        {
            if (Time(one, other) is var taken && taken < fastest) fastest = taken;
        }

        return 2.0 * size * size * size / fastest.TotalSeconds;
    }

    private static TimeSpan Time(Tensor one, Tensor other)
    {
        long start = Stopwatch.GetTimestamp();
        one.mm(other).Dispose();
        return Stopwatch.GetElapsedTime(start);
    }
}
