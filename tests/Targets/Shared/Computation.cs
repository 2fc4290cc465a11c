using Observatory.Kernel;

namespace Observatory.Targets;

/// <summary>Arithmetic that takes a given CPU time of the calling thread, however long it has to wait for the CPU.</summary>
internal static class Computation
{
    // Some 20 us between two looks at the clock, which is a system call.
    private const int Steps = 20_000;
    private static volatile uint _result;

    public static void Run(long microseconds)
    {
        long end = ThreadCpuClock.NowNanoseconds() + (microseconds * 1000);
        uint value = _result | 1;
        while (ThreadCpuClock.NowNanoseconds() < end)
        {
            for (int i = 0; i < Steps; i++) value = (value * 1_664_525) + 1_013_904_223;
            _result = value;
        }
    }
}
