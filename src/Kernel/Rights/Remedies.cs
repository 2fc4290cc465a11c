namespace Observatory.Kernel;

/// <summary>What changes a refusal, a line each: a command where there is one.</summary>
internal static class Remedies
{
    public const string None = "";

    public const string Paranoid =
        "run with sudo (container: --user root --cap-add PERFMON), or for every user until the next boot: "
        + "sudo sysctl kernel.perf_event_paranoid=-1";

    public const string OwnThreads = "sudo sysctl kernel.perf_event_paranoid=2";

    public const string ThreadsOfOthers =
        "run as the user of the target, or with sudo; if its user is refused too: "
        + "sudo sysctl kernel.perf_event_paranoid=2";

    // The id file is readable for its owner and group only, whatever the mode of the mount.
    public const string TracepointId =
        "run with sudo, or: sudo mount -t tracefs tracefs /sys/kernel/tracing; "
        + "sudo mount -o remount,gid=$(id -g),mode=750 /sys/kernel/tracing "
        + "(container: -v /sys/kernel/tracing:/sys/kernel/tracing:ro)";

    public const string LockedMemory =
        "ulimit -l unlimited (container: --cap-add IPC_LOCK), or: sudo sysctl kernel.perf_event_mlock_kb=16384";

    public const string OpenFiles = "ulimit -n 65536";

    public const string RealTime = "run with sudo (container: --cap-add SYS_NICE --ulimit rtprio=99)";

    public const string ProcFs = "mount -t proc proc /proc";

    public const string Pressure = "boot with psi=1, on a kernel built with CONFIG_PSI (Linux 4.20)";

    public const string Hardware =
        "run on bare metal, or have the hypervisor pass the counters on (KVM: -cpu host,pmu=on)";

    public const string NewerKernel = "run Linux 4.3 or later, built with CONFIG_PERF_EVENTS and CONFIG_TRACEPOINTS";

    public static string RealTimeGroup(string file) =>
        $"the budget comes from the group above: echo 10000 | sudo tee {file} (outside a container; "
        + "docker: dockerd --cpu-rt-runtime=950000, then docker run --cpu-rt-runtime=10000); or do without, larger "
        + "rings serve as well";

    public static string For(KernelAccessFailure kind) => kind switch
    {
        KernelAccessFailure.PermissionDenied => Paranoid,
        KernelAccessFailure.NoTracepointId => TracepointId,
        KernelAccessFailure.NotSupported => NewerKernel,
        KernelAccessFailure.OutOfMemory => LockedMemory,
        KernelAccessFailure.TooManyFiles => OpenFiles,
        _ => None,
    };
}
