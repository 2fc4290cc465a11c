namespace Observatory.Kernel;

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
