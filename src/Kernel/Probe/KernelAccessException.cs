using System.Runtime.InteropServices;

namespace Observatory.Kernel;

/// <summary>The kernel refused. The message says what and why.</summary>
public sealed class KernelAccessException : Exception
{
    internal KernelAccessException(KernelAccessFailure kind, string message, string remedy) : base(message)
    {
        Kind = kind;
        Remedy = remedy;
    }

    /// <summary>The class of the refusal, for a program to decide by.</summary>
    public KernelAccessFailure Kind { get; }

    /// <summary>One line: the command or capability that would change it.</summary>
    public string Remedy { get; }

    internal static KernelAccessException FromError(int error, string what, string? denied = null)
    {
        KernelAccessFailure kind = Classify(error);
        string message = $"{what}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error})";
        bool isDenied = kind == KernelAccessFailure.PermissionDenied;
        return new KernelAccessException(kind, message, isDenied && denied is not null ? denied : Remedies.For(kind));
    }

    internal static KernelAccessException TracepointId(string path) => new(
        KernelAccessFailure.NoTracepointId,
        $"the id of sched:sched_waking: {path} cannot be read, and tracefs without a mount needs CAP_SYS_ADMIN",
        Remedies.For(KernelAccessFailure.NoTracepointId));

    internal static KernelAccessException RingMemory(string subjects) => new(
        KernelAccessFailure.OutOfMemory,
        $"the limit of locked memory forbids a ring of even one page for each of {subjects}",
        Remedies.For(KernelAccessFailure.OutOfMemory));

    private static KernelAccessFailure Classify(int error) => error switch
    {
        // EACCES is perf_event_paranoid's answer, EPERM that of a missing capability and of seccomp filters.
        Errno.AccessDenied or Errno.NotPermitted => KernelAccessFailure.PermissionDenied,
        Errno.NoEntry or Errno.NoDevice or Errno.InvalidArgument => KernelAccessFailure.NotSupported,
        Errno.NoSuchProcess => KernelAccessFailure.NoSuchProcess,
        Errno.NoSystemCall or Errno.NotSupported => KernelAccessFailure.NotSupported,
        Errno.NoMemory => KernelAccessFailure.OutOfMemory,
        Errno.TooManyFiles or Errno.TooManyFilesInSystem => KernelAccessFailure.TooManyFiles,
        _ => KernelAccessFailure.Other,
    };
}

/// <summary>Why the kernel did not give what was asked for.</summary>
public enum KernelAccessFailure
{
    /// <summary>Another error number; the message has it.</summary>
    Other,

    /// <summary>A right is missing.</summary>
    PermissionDenied,

    /// <summary>The tracepoint's number could not be read.</summary>
    NoTracepointId,

    /// <summary>This kernel or this machine does not have it.</summary>
    NotSupported,

    /// <summary>The limit of locked memory is too low for rings of even one page.</summary>
    OutOfMemory,

    /// <summary>The process is gone.</summary>
    NoSuchProcess,

    /// <summary>The limit of open files is too low.</summary>
    TooManyFiles,
}

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
