using System.Runtime.InteropServices;

namespace Observatory.Kernel;

/// <summary>The tracepoint sched:sched_waking of the running kernel.</summary>
/// <param name="Id">Its number, the event's <c>config</c>. Differs from kernel to kernel.</param>
/// <param name="WokenIdOffset">Offset of its field <c>pid</c>, the woken thread.</param>
/// <param name="Source">Where both were read.</param>
internal sealed record WakingTracepoint(long Id, int WokenIdOffset, string Source)
{
    private const string Directory = "events/sched/sched_waking";

    // What every kernel to date has: four common fields of 8 bytes, then char comm[16].
    private const int DefaultWokenIdOffset = 24;

    /// <summary>Where tracefs is mounted usually.</summary>
    internal static readonly string[] UsualRoots = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];

    /// <param name="tracefsRoot">Where to look; null for the usual places, then a detached mount.</param>
    /// <exception cref="KernelAccessException">It cannot be read anywhere.</exception>
    public static WakingTracepoint Find(string? tracefsRoot)
    {
        foreach (string root in tracefsRoot is null ? UsualRoots : [tracefsRoot])
        {
            if (TryRead(root, root) is { } found) return found;
        }

        if (tracefsRoot is not null) throw KernelAccessException.TracepointId($"{tracefsRoot}/{Directory}/id");
        using DetachedTracefs? detached = DetachedTracefs.TryOpen(out _);
        return detached is not null && TryRead(detached.Root, "a detached tracefs") is { } read
            ? read
            : throw KernelAccessException.TracepointId($"{UsualRoots[0]}/{Directory}/id");
    }

    private static WakingTracepoint? TryRead(string root, string source)
    {
        if (!KernelText.TryRead($"{root}/{Directory}/id", out string id)) return null;
        if (!long.TryParse(id.AsSpan().Trim(), out long number)) return null;
        bool hasFormat = KernelText.TryRead($"{root}/{Directory}/format", out string format);
        int? offset = hasFormat ? TracepointFormat.FindOffset(format, "pid") : null;
        return new WakingTracepoint(number, offset ?? DefaultWokenIdOffset, source);
    }
}

/// <summary>Parses the text of a tracepoint's <c>format</c> file.</summary>
/// <remarks>Documentation/trace/events.rst; per field <c>field:TYPE NAME; offset:N; size:N; signed:N;</c>.</remarks>
internal static class TracepointFormat
{
    /// <param name="text">The file's text.</param>
    /// <param name="field">The field's name, without the brackets of an array.</param>
    /// <returns>The field's offset in bytes, or null.</returns>
    public static int? FindOffset(string text, string field)
    {
        foreach (string line in text.Split('\n'))
        {
            string[] parts = line.Split(';', StringSplitOptions.TrimEntries);
            if (parts.Length < 2 || NameOf(parts[0]) != field) continue;
            if (parts[1].StartsWith("offset:", StringComparison.Ordinal) && int.TryParse(parts[1][7..], out int offset))
                return offset;
        }

        return null;
    }

    private static string? NameOf(string declaration)
    {
        if (!declaration.StartsWith("field:", StringComparison.Ordinal)) return null;
        string name = declaration[(declaration.LastIndexOf(' ') + 1)..];
        int bracket = name.IndexOf('[', StringComparison.Ordinal);
        return bracket < 0 ? name : name[..bracket];
    }
}

/// <summary>A tracefs that is mounted nowhere: only this process sees it, and it is gone when disposed.</summary>
/// <remarks>
/// fsopen(2), fsconfig(2), fsmount(2), Linux 5.2; needs CAP_SYS_ADMIN. For machines where tracefs is not mounted:
/// mounting it for all processes is the administrator's decision.
/// </remarks>
internal sealed class DetachedTracefs : IDisposable
{
    private const int CloseOnExec = 1;
    private const int CreateCommand = 6;
    private const int ReadOnly = 1;
    private const int NoSetUserId = 2;
    private const int NoDevices = 4;
    private const int NoExecution = 8;

    private readonly DescriptorHandle _mount;

    private DetachedTracefs(DescriptorHandle mount) => _mount = mount;

    /// <summary>A path to it, through the descriptor: good in this process only, until disposed.</summary>
    public string Root => $"/proc/self/fd/{_mount.Number}";

    /// <returns>Null and the error number when refused.</returns>
    public static DetachedTracefs? TryOpen(out int error)
    {
        using DescriptorHandle context = Libc.OpenFileSystem(SystemCall.OpenFileSystem, "tracefs", CloseOnExec);
        if (context.IsInvalid || !TryCreate(context))
        {
            error = Marshal.GetLastPInvokeError();
            return null;
        }

        DescriptorHandle mount = Libc.MountFileSystem(
            SystemCall.MountFileSystem, context, CloseOnExec, ReadOnly | NoSetUserId | NoDevices | NoExecution);
        error = mount.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
        if (error == 0) return new DetachedTracefs(mount);
        mount.Dispose();
        return null;
    }

    public void Dispose() => _mount.Dispose();

    private static bool TryCreate(DescriptorHandle context) =>
        Libc.ConfigureFileSystem(SystemCall.ConfigureFileSystem, context, CreateCommand, 0, 0, 0) == 0;
}
