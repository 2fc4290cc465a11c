using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Observatory.Workload;

/// <summary>
/// The most floating point operations per second: fused multiply-adds of float32 on registers alone, without a byte from
/// memory. Twelve chains that do not depend on each other hide the latency of each.
/// </summary>
internal static class FmaPeak
{
    private const int Chains = 12;
    private const int OperationsPerElement = 2;

    /// <summary>About a millisecond a round.</summary>
    private const int Steps = 250_000;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(0.8);

    /// <summary>Null on CPUs without the instructions.</summary>
    /// <param name="threads">Threads that compute at once.</param>
    public static double? Measure(int threads)
    {
        if (!Avx512F.IsSupported && !Fma.IsSupported) return null;
        float[] sums = new float[threads * 64];
        TimeSpan fastest = ParallelRounds.Fastest(
            threads,
            Longest,
            most: 800,
            prepare: _ => { },
            thread => sums[thread * 64] += Avx512F.IsSupported ? Wide(Steps) : Narrow(Steps));
        int elements = Avx512F.IsSupported ? Vector512<float>.Count : Vector256<float>.Count;
        return (double)threads * Steps * Chains * elements * OperationsPerElement / fastest.TotalSeconds;
    }

    /// <summary>The chains are variables, not an array: they must stay in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Wide(int steps)
    {
        Vector512<float> m = Vector512.Create(0.999f), c = Vector512.Create(0.001f);
        Vector512<float> a = m, b = c, d = m, e = c, f = m, g = c, h = m, i = c, j = m, k = c, l = m, n = c;
        for (int step = 0; step < steps; step++)
        {
            a = Avx512F.FusedMultiplyAdd(a, m, c);
            b = Avx512F.FusedMultiplyAdd(b, m, c);
            d = Avx512F.FusedMultiplyAdd(d, m, c);
            e = Avx512F.FusedMultiplyAdd(e, m, c);
            f = Avx512F.FusedMultiplyAdd(f, m, c);
            g = Avx512F.FusedMultiplyAdd(g, m, c);
            h = Avx512F.FusedMultiplyAdd(h, m, c);
            i = Avx512F.FusedMultiplyAdd(i, m, c);
            j = Avx512F.FusedMultiplyAdd(j, m, c);
            k = Avx512F.FusedMultiplyAdd(k, m, c);
            l = Avx512F.FusedMultiplyAdd(l, m, c);
            n = Avx512F.FusedMultiplyAdd(n, m, c);
        }

        return Vector512.Sum(a + b + d + e + f + g + h + i + j + k + l + n);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Narrow(int steps)
    {
        Vector256<float> m = Vector256.Create(0.999f), c = Vector256.Create(0.001f);
        Vector256<float> a = m, b = c, d = m, e = c, f = m, g = c, h = m, i = c, j = m, k = c, l = m, n = c;
        for (int step = 0; step < steps; step++)
        {
            a = Fma.MultiplyAdd(a, m, c);
            b = Fma.MultiplyAdd(b, m, c);
            d = Fma.MultiplyAdd(d, m, c);
            e = Fma.MultiplyAdd(e, m, c);
            f = Fma.MultiplyAdd(f, m, c);
            g = Fma.MultiplyAdd(g, m, c);
            h = Fma.MultiplyAdd(h, m, c);
            i = Fma.MultiplyAdd(i, m, c);
            j = Fma.MultiplyAdd(j, m, c);
            k = Fma.MultiplyAdd(k, m, c);
            l = Fma.MultiplyAdd(l, m, c);
            n = Fma.MultiplyAdd(n, m, c);
        }

        return Vector256.Sum(a + b + d + e + f + g + h + i + j + k + l + n);
    }
}
