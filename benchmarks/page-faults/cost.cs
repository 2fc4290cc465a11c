// What a minor page fault costs the thread, by how much memory it touches at once and by the size of the pages: CPU time over the faults that the kernel
// counted, the median of seven rounds.
// dotnet run -c Release benchmarks/page-faults/cost.cs
#:property PublishAot=false
#:property AllowUnsafeBlocks=true
#:property RestorePackagesWithLockFile=false
#:property UseArtifactsOutput=false
#:property NoWarn=RS0030

using System.Runtime.InteropServices;

const int noHugePages = 15, hugePages = 14;
Console.WriteLine("pages  at once     faults   per fault   against 4 MiB");
double ofFour = 0;
foreach (int megabytes in (int[])[4, 1, 12, 32, 64, 128])
{
    (double seconds, long faults) = Pages.Touch(megabytes << 20, noHugePages);
    if (ofFour == 0) ofFour = seconds;
    Print("4 KiB", megabytes, faults, seconds);
}

foreach (int megabytes in (int[])[4, 12, 32, 64, 128])
{
    (double seconds, long faults) = Pages.Touch(megabytes << 20, hugePages);
    // Where huge pages are off, or the kernel has none, these are small ones again.
    Print(faults <= megabytes ? "2 MiB" : "mixed", megabytes, faults, seconds);
}

void Print(string pages, int megabytes, long faults, double seconds) =>
    Console.WriteLine($"{pages,-6} {megabytes,3} MiB {faults,10} {seconds * 1e6,8:F2} us {seconds / ofFour,12:F2} x");

internal static unsafe partial class Pages
{
    private const int Rounds = 7, DontNeed = 4, OfThread = 1, ThreadCpuTime = 3, MinorFaults = 8;
    private const nuint Huge = 2 << 20, Small = 4096;

    public static (double Seconds, long Faults) Touch(int length, int advice)
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)length, Huge);
        _ = Advise(memory, (nuint)length, advice);
        var costs = new double[Rounds];
        long faults = 0;
        for (int round = 0; round < Rounds; round++)
        {
            _ = Advise(memory, (nuint)length, DontNeed);
            (double cpu, long counted) = Now();
            for (nuint at = 0; at < (nuint)length; at += Small) memory[at] = 1;
            (double after, long countedAfter) = Now();
            faults = countedAfter - counted;
            costs[round] = (after - cpu) / faults;
        }

        NativeMemory.AlignedFree(memory);
        Array.Sort(costs);
        return (costs[Rounds / 2], faults);
    }

    private static (double Cpu, long Faults) Now()
    {
        long* usage = stackalloc long[32];
        long* time = stackalloc long[2];
        _ = Usage(OfThread, usage);
        _ = Time(ThreadCpuTime, time);
        return (time[0] + (time[1] / 1e9), usage[MinorFaults]);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* memory, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int Usage(int who, long* usage);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Time(int clock, long* time);
}
