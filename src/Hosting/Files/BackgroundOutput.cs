using Stopwatch = System.Diagnostics.Stopwatch;

namespace Observatory.Hosting;

/// <summary>What to do with a record for which there is no room.</summary>
public enum WhenFull
{
    /// <summary>Leave it out and count it; those behind it can be read without it.</summary>
    Drop,

    /// <summary>End the file: nothing behind a hole could be read.</summary>
    End,
}

/// <summary>
/// A file beside an observation, written by a thread of its own. A slow disk costs memory up to a limit and then records,
/// a full one ends the file; neither keeps the observation waiting or stops it.
/// </summary>
/// <remarks>
/// Records are collected in one buffer while the thread writes the other, and a buffer always holds whole records: the
/// place where a file can be closed and the next one begun.
/// </remarks>
public sealed class BackgroundOutput : IDisposable
{
    private const int WorthWriting = 1 << 16;
    private static readonly TimeSpan Collecting = TimeSpan.FromMilliseconds(100);

    private readonly object _gate = new();
    private readonly OutputFile _file;
    private readonly string _name;
    private readonly int _mostWaiting;
    private readonly WhenFull _whenFull;
    private readonly Action<string> _log;
    private readonly OutputRotation? _rotation;
    private readonly Thread _writer;
    private MemoryStream _filling = new();
    private MemoryStream _writing = new();
    private int _records;
    private int _recordsWriting;
    private bool _completed;
    private bool _isOpen;
    private long _written;
    private long _dropped;
    private long _rotations;
    private string? _problem;

    /// <summary>Takes records from now on; nothing is opened before <see cref="Start"/>.</summary>
    /// <param name="name">What the file is, in messages and metrics: <c>accounts</c>.</param>
    /// <param name="file">Where.</param>
    /// <param name="mostWaiting">Bytes that may wait to be written.</param>
    /// <param name="whenFull">What happens beyond that.</param>
    /// <param name="log">Told in one line that the file is not complete.</param>
    /// <param name="rotation">When the file is set aside and the next one begun; null for never.</param>
    public BackgroundOutput(
        string name, OutputFile file, int mostWaiting, WhenFull whenFull, Action<string> log, OutputRotation? rotation = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        (_name, _file, _mostWaiting, _whenFull, _log, _rotation) = (name, file, mostWaiting, whenFull, log, rotation);
        _writer = new Thread(Write) { Name = name + "-writer", IsBackground = true };
    }

    /// <summary>What the file is.</summary>
    public string Name => _name;

    /// <summary>Bytes in the file and in those rotated away.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Times the file was rotated.</summary>
    public long Rotations => Interlocked.Read(ref _rotations);

    /// <summary>Records that could not be written to the file.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>True while every record so far is in the file, or on its way.</summary>
    public bool IsComplete => Volatile.Read(ref _problem) is null && Dropped == 0;

    /// <summary>True until the file had to be ended.</summary>
    public bool IsWriting => Volatile.Read(ref _problem) is null;

    /// <summary>Starts the thread, which opens the file: all else is known to be well.</summary>
    public void Start() => _writer.Start();

    /// <summary>Adds a record. Never waits.</summary>
    /// <returns>False when it is left out.</returns>
    public bool Add(ReadOnlySpan<byte> record)
    {
        if (record.IsEmpty) return true;
        bool isFirstDropped = false;
        lock (_gate)
        {
            if (_problem is null && !_completed && _filling.Length + record.Length <= _mostWaiting)
            {
                _filling.Write(record);
                _records++;
                if (_records == 1 || _filling.Length >= WorthWriting) Monitor.Pulse(_gate);
                return true;
            }

            isFirstDropped = ++_dropped == 1 && _problem is null;
        }

        if (!isFirstDropped) return false;
        string full = _isOpen
            ? $"it is slower than the observation; {_mostWaiting / 1e6:0.#} MB were waiting"
            : "nothing has opened it for reading";
        if (_whenFull == WhenFull.End) End(full);
        else _log($"{_name}: records are left out of '{_file.Path}': {full}");
        return false;
    }

    /// <summary>Writes what waits, for some seconds at most, and closes the file.</summary>
    public void Dispose() => Complete(TimeSpan.FromSeconds(5));

    /// <summary>Writes what waits and closes the file; gives up after a time, as a pipe may have no reader.</summary>
    public void Complete(TimeSpan limit)
    {
        lock (_gate)
        {
            if (_completed) return;
            _completed = true;
            Monitor.Pulse(_gate);
        }

        if (_writer.ThreadState.HasFlag(ThreadState.Unstarted)) return;
        if (!_writer.Join(limit))
            End(_isOpen ? "its reader or disk does not take what is left" : "nothing has opened it for reading");
        else if (IsWriting && Dropped > 0)
            _log($"{_name}: {Dropped} records are not in '{_file.Path}'");
    }

    private void Write()
    {
        try
        {
            // What an earlier run has left is set aside, too.
            Stream stream = _rotation is null ? _file.OpenStream() : _file.OpenNext(_rotation.Kept);
            try
            {
                _isOpen = true;
                WriteRecords(ref stream);
                stream.Flush();
            }
            finally
            {
                stream.Dispose();
            }
        }
#pragma warning disable CA1031 // The thread's edge: whatever the file does, the observation must go on.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            End(failure.Message);
        }
    }

    /// <param name="stream">The file that is written; another one each time it is set aside.</param>
    private void WriteRecords(ref Stream stream)
    {
        (long size, long began) = (0, 0);
        while (Take() is { } records)
        {
            if (_rotation is { } rotation && rotation.IsDue(size, records.Length, Stopwatch.GetElapsedTime(began)))
            {
                stream.Dispose();
                stream = _file.OpenNext(rotation.Kept);
                size = 0;
                Interlocked.Increment(ref _rotations);
            }

            if (size == 0) began = Stopwatch.GetTimestamp();
            stream.Write(records.GetBuffer(), 0, (int)records.Length);
            size += records.Length;
            Interlocked.Add(ref _written, records.Length);
            lock (_gate) _recordsWriting = 0;
        }
    }

    /// <summary>Waits for records; null when there will be none.</summary>
    private MemoryStream? Take()
    {
        lock (_gate)
        {
            while (_records == 0 && !_completed) Monitor.Wait(_gate);
            // One record alone is not worth a system call; more arrive before the delay is noticeable.
            if (!_completed && _filling.Length < WorthWriting) Monitor.Wait(_gate, Collecting);
            if (_records == 0) return null;
            (_filling, _writing) = (_writing, _filling);
            (_recordsWriting, _records) = (_records, 0);
            _filling.SetLength(0);
            // After a peak: what was kept for it is given back.
            if (_filling.Capacity > WorthWriting * 16) _filling.Capacity = WorthWriting;
            return _writing;
        }
    }

    /// <summary>Ends the file early; said once.</summary>
    private void End(string reason)
    {
        lock (_gate)
        {
            if (_problem is not null) return;
            _problem = reason;
            _dropped += _records + _recordsWriting;
            _records = _recordsWriting = 0;
            _filling = new MemoryStream();
        }

        _log($"{_name}: '{_file.Path}' ends after {Written} bytes, the observation goes on: {reason.TrimEnd('.')}.");
    }
}
