using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Observatory.Kernel;

/// <summary>What a path leads to, once links are followed.</summary>
public enum FileKind
{
    Regular,
    Folder,
    CharacterDevice,
    BlockDevice,
    Pipe,
    Socket,
}

/// <summary>
/// What the system knows about a file and .NET does not tell: whether it is a regular one, and whether two paths lead to
/// the same one.
/// </summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Identity">The same for every path that leads to this file, and only for those.</param>
/// <param name="User">Owner.</param>
/// <param name="Group">Owning group.</param>
/// <remarks>statx(2); include/uapi/linux/stat.h.</remarks>
public readonly record struct FileStatus(FileKind Kind, (ulong Device, ulong Inode) Identity, uint User, uint Group)
{
    private const int Size = 256;
    private const int CurrentFolder = -100;
    private const int BasicFields = 0x7ff;

    /// <summary>The file at the end of the path; null when there is none.</summary>
    /// <exception cref="IOException">The system does not say: a folder of the path may be closed to us.</exception>
    public static FileStatus? Read(string path)
    {
        Span<byte> status = stackalloc byte[Size];
        if (Libc.StatusOf(SystemCall.StatusOf, CurrentFolder, path, flags: 0, BasicFields, status) == 0) return Parse(status);
        int error = Marshal.GetLastPInvokeError();
        if (error is Errno.NoEntry or Errno.NotAFolder) return null;
        throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
    }

    /// <summary>Gives a file that we made the owner of this one, as far as we may.</summary>
    public bool TryGiveTo(SafeFileHandle file) => Libc.ChangeOwner(file, User, Group) == 0;

    private static FileStatus Parse(ReadOnlySpan<byte> status) => new(
        KindOf(BinaryPrimitives.ReadUInt16LittleEndian(status[28..])),
        ((ulong)Word(status, 136) << 32 | Word(status, 140), BinaryPrimitives.ReadUInt64LittleEndian(status[32..])),
        Word(status, 20),
        Word(status, 24));

    private static uint Word(ReadOnlySpan<byte> status, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(status[offset..]);

    private static FileKind KindOf(ushort mode) => (mode & 0xF000) switch
    {
        0x1000 => FileKind.Pipe,
        0x2000 => FileKind.CharacterDevice,
        0x4000 => FileKind.Folder,
        0x6000 => FileKind.BlockDevice,
        0xC000 => FileKind.Socket,
        _ => FileKind.Regular,
    };
}
