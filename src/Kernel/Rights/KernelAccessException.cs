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
