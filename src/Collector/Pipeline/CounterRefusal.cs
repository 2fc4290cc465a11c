using System.Runtime.InteropServices;
using Observatory.Contract;

namespace Observatory.Collector;

/// <summary>Why the target has no counters, for people.</summary>
internal static class CounterRefusal
{
    // include/uapi/asm-generic/errno-base.h: EPERM is the answer of seccomp filters, EACCES that of perf_event_paranoid.
    private const long NotPermitted = 1;
    private const long AccessDenied = 13;

    public static string Of(CounterSet set, long error) =>
        $"{set.Name} counters: refused to the target: {Marshal.GetPInvokeErrorMessage((int)error)} (errno {error}){Remedy(error)}";

    private static string Remedy(long error) => error switch
    {
        NotPermitted => "; in a container, give the target --cap-add PERFMON, or a seccomp profile that allows perf_event_open",
        AccessDenied => "; sudo sysctl kernel.perf_event_paranoid=2",
        _ => "",
    };
}
