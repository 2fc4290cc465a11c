using System.Runtime;
using System.Runtime.InteropServices;

namespace Observatory.ChurnTarget;

/// <summary>Work for the garbage collector.</summary>
internal static class Allocation
{
    private static readonly Node?[] Kept = new Node?[1_000_000];
    private static Node? _last;
    private static byte[]? _lastLarge;

    /// <summary>A megabyte of small objects that die at once.</summary>
    public static void Small(Random random)
    {
        for (int i = 0; i < 20_000; i++) _last = new Node(null);
    }

    /// <summary>An array that goes to the large object heap.</summary>
    public static void Large(Random random)
    {
        _lastLarge = new byte[200_000 + random.Next(100_000)];
        Thread.Yield();
    }

    /// <summary>Objects that live a while: they are promoted, die old, and leave gaps.</summary>
    public static void Surviving(Random random)
    {
        for (int i = 0; i < 100_000; i++) Kept[random.Next(Kept.Length)] = new Node(_last);
        _last = null;
    }

    /// <summary>A collection that meets a pinned object.</summary>
    public static void Pinned(Random random)
    {
        var pin = GCHandle.Alloc(new byte[100], GCHandleType.Pinned);
        GC.Collect(0);
        pin.Free();
        Pause.For(20);
    }

    /// <summary>A full collection that was asked for.</summary>
    public static void Induced(Random random)
    {
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: random.Next(2) == 0);
        Pause.For(20);
    }

    /// <summary>A full collection beside the running threads.</summary>
    public static void Background(Random random)
    {
        Surviving(random);
        GCSettings.LatencyMode = GCLatencyMode.Interactive;
        GC.Collect(2, GCCollectionMode.Forced, blocking: false);
        Pause.For(50);
    }

    /// <summary>48 bytes or so.</summary>
    internal sealed class Node(Node? next)
    {
        private readonly long _one = Environment.TickCount64;
        private readonly long _two = 2;

        public Node? Next => next;

        public long Sum => _one + _two;
    }
}
