using System.Globalization;
using System.Runtime.InteropServices;

namespace Observatory.Kernel.Tests;

/// <summary>What is freed is gone from resident memory, seen in the mapping that held it.</summary>
public sealed class NativeHeapTests
{
    private const int Large = 24 << 20;

    /// <summary>Most of it.</summary>
    private const long Most = Large / 10 * 9;

    /// <summary>A block that is the last of its thread's heap, and one that lies between others.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_thread_has_freed_goes_back_to_the_system_wherever_it_lies(bool isBetween)
    {
        // Some threads may share a heap, and one of them the main thread's; of several that live at once, some have one of their own.
        using var alive = new Barrier(4);
        var seen = new (long Before, long After, bool IsWell)[alive.ParticipantCount];
        Thread[] threads = [.. Enumerable.Range(0, seen.Length).Select(number => new Thread(() =>
        {
            alive.SignalAndWait();
            lock (seen) seen[number] = FreeAndTrim(isBetween);
            alive.SignalAndWait();
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();

        Assert.All(seen, one => Assert.True(one.IsWell));
        Assert.All(seen, one => Assert.InRange(one.Before, Most, long.MaxValue));
        Assert.All(seen, one => Assert.InRange(one.After, 0, one.Before - Most));
    }

    private static (long Before, long After, bool IsWell) FreeAndTrim(bool isBetween)
    {
        // From now on blocks of that size come out of the heap: one has been freed.
        Marshal.FreeHGlobal(Marshal.AllocHGlobal(Large + 4096));
        nint block = Touch(Marshal.AllocHGlobal(Large));
        nint behind = isBetween ? Touch(Marshal.AllocHGlobal(Large)) : 0;
        Marshal.FreeHGlobal(block);
        long before = ResidentBytes(block);
        bool isWell = NativeHeap.TryTrim();
        long after = ResidentBytes(block);
        // What is in use stays as it is.
        if (isBetween) isWell &= Marshal.ReadByte(behind) == 1;
        Marshal.FreeHGlobal(behind);
        return (before, after, isWell);
    }

    private static nint Touch(nint block)
    {
        for (int at = 0; at < Large; at += Environment.SystemPageSize) Marshal.WriteByte(block, at, 1);
        return block;
    }

    /// <summary>Of the mapping that holds an address; 0 where there is none.</summary>
    private static long ResidentBytes(nint address)
    {
        bool isInside = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            string first = line.Split(' ')[0];
            if (!first.EndsWith(':'))
            {
                nint[] ends = [.. first.Split('-').Select(end => nint.Parse(end, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
                isInside = address >= ends[0] && address < ends[1];
            }
            else if (isInside && first == "Rss:")
            {
                return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
            }
        }

        return 0;
    }
}
