using System.IO.MemoryMappedFiles;

namespace Observatory.Kernel.Tests;

/// <summary>Pages that nobody has touched: the first write to each is one minor fault.</summary>
internal sealed class FreshMemory : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    // Shared memory is not given out in huge pages by default, and faults around in reads only.
    public FreshMemory(int pages)
    {
        _file = MemoryMappedFile.CreateNew(null, (long)pages * Environment.SystemPageSize);
        _view = _file.CreateViewAccessor();
    }

    public void TouchAll()
    {
        for (long at = 0; at < _view.Capacity; at += Environment.SystemPageSize) _view.Write(at, (byte)1);
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
