using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Observatory.Workload;

/// <summary>
/// Bytes per second between memory and CPU: <c>a[i] = b[i] + q c[i]</c>, after the triad of McCalpin's STREAM, and
/// counted as there: three arrays move, the line that a write first fetches does not count.
/// </summary>
internal static class TriadBandwidth
{
    /// <summary>Each array is this much larger than the last cache, as STREAM asks.</summary>
    private const int TimesCache = 4;

    private const long LeastBytes = 64L << 20;
    private const long MostBytes = 1L << 30;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1.2);

    /// <summary>
    /// A round is a part of the arrays, some milliseconds long, and the next round the next part: a whole one would
    /// seldom pass without a disturbance, and the same part again would come from a cache.
    /// </summary>
    private const int Parts = 8;

    /// <summary>Null when memory has no room for such arrays.</summary>
    /// <param name="threads">Threads that move bytes at once.</param>
    /// <param name="cache">Size of the last cache in bytes; null: not known.</param>
    /// <param name="available">Memory that can be had, in bytes.</param>
    public static double? Measure(int threads, long? cache, long available)
    {
        long bytes = Math.Clamp(TimesCache * (cache ?? 0), LeastBytes, MostBytes);
        if (4 * bytes > available) return null;
        int part = (int)(bytes / sizeof(float) / threads / Parts) & ~(Vector256<float>.Count - 1);
        TimeSpan fastest = Run(threads, part);
        // What is left behind would count as memory of the first configuration.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return 3.0 * part * threads * sizeof(float) / fastest.TotalSeconds;
    }

    /// <summary>
    /// Each thread has arrays of its own and fills them itself: memory belongs near the one that first writes it.
    /// </summary>
    private static TimeSpan Run(int threads, int part)
    {
        var arrays = new (float[] A, float[] B, float[] C)[threads];
        int[] next = new int[threads];
        return ParallelRounds.Fastest(
            threads,
            Longest,
            most: 500,
            prepare: thread => arrays[thread] = (Filled(part * Parts), Filled(part * Parts), Filled(part * Parts)),
            thread =>
            {
                int start = next[thread]++ % Parts * part;
                (float[] a, float[] b, float[] c) = arrays[thread];
                Triad(a.AsSpan(start, part), b.AsSpan(start, part), c.AsSpan(start, part));
            });
    }

    private static float[] Filled(int length)
    {
        float[] array = GC.AllocateUninitializedArray<float>(length);
        array.AsSpan().Fill(1);
        return array;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Triad(Span<float> to, ReadOnlySpan<float> from, ReadOnlySpan<float> scaled)
    {
        Span<Vector256<float>> a = MemoryMarshal.Cast<float, Vector256<float>>(to);
        ReadOnlySpan<Vector256<float>> b = MemoryMarshal.Cast<float, Vector256<float>>(from)[..a.Length];
        ReadOnlySpan<Vector256<float>> c = MemoryMarshal.Cast<float, Vector256<float>>(scaled)[..a.Length];
        Vector256<float> q = Vector256.Create(0.5f);
        for (int i = 0; i < a.Length; i++) a[i] = b[i] + (q * c[i]);
    }
}
