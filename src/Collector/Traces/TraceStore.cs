using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>How many traces are kept.</summary>
internal sealed record TraceRetention
{
    /// <summary>Most traces.</summary>
    public int Count { get; init; } = 50;

    /// <summary>Most bytes over all of them.</summary>
    public long Bytes { get; init; } = 500_000_000;

    /// <summary>Longest time.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromDays(7);
}

/// <summary>
/// The captured traces: a folder with two files each, <c>ID.pftrace</c> and <c>ID.json</c>. Whatever else lies in it stays
/// untouched. Another collector may use the same folder.
/// </summary>
/// <remarks>Names are made of an id that is checked, never of text from a request. Any thread may call.</remarks>
internal sealed class TraceStore
{
    private const string TraceExtension = ".pftrace";
    private const string DocumentExtension = ".json";

    /// <summary>Longest time that a trace's two files take, whoever writes them.</summary>
    private static readonly TimeSpan LongestWrite = TimeSpan.FromHours(1);

    private readonly string _folder;
    private readonly TraceRetention _retention;
    private readonly TimeProvider _time;
    private readonly Lock _entry = new();
    private readonly Dictionary<string, TraceDocument> _known = [];

    /// <param name="folder">Where; made when the first trace comes.</param>
    /// <param name="retention">How many are kept.</param>
    /// <param name="time">The wall clock.</param>
    public TraceStore(string folder, TraceRetention retention, TimeProvider time) =>
        (_folder, _retention, _time) = (Path.GetFullPath(folder), retention, time);

    /// <summary>Where traces are kept unless something else is said: the user's state, as the XDG specification names it; null without a home.</summary>
    public static string? DefaultFolder
    {
        get
        {
            string? state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
            if (!Path.IsPathFullyQualified(state ?? ""))
                state = Environment.GetEnvironmentVariable("HOME") is { Length: > 1 } home ? Path.Combine(home, ".local", "state") : null;
            return state is null ? null : Path.Combine(state, "observatory", "traces");
        }
    }

    /// <summary>Where the traces are.</summary>
    public string Folder => _folder;

    /// <summary>Every trace, the newest first.</summary>
    public IReadOnlyList<TraceDocument> List()
    {
        lock (_entry)
        {
            Refresh();
            return [.. _known.Values.OrderByDescending(trace => trace.CapturedAt)];
        }
    }

    /// <summary>What is told of a trace; null when there is none of that id.</summary>
    public TraceDocument? Find(string id)
    {
        lock (_entry)
        {
            Refresh();
            return _known.GetValueOrDefault(id);
        }
    }

    /// <summary>Opens the events of a trace; null when there is none of that id, it is being removed, or another collector's and closed to us.</summary>
    public FileStream? Open(string id)
    {
        if (Find(id) is null) return null;
        try
        {
            return new FileStream(PathOf(id, TraceExtension), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps a trace, and removes the oldest that are too many.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="write">Writes the events, and tells what is to be told of them.</param>
    /// <exception cref="OutputFailedException">The system refused, with the reason in one line.</exception>
    /// <exception cref="UsageException">The folder cannot be made or written.</exception>
    public TraceDocument Keep(string id, Func<Stream, TraceDocument> write)
    {
        OutputFile.CreateFolder("--traces", _folder);
        TraceDocument? told = null;
        // The document last: a trace is there when it can be told what it is.
        OutputFile.Create("--traces", PathOf(id, TraceExtension)).Write(stream => told = write(stream));
        try
        {
            OutputFile.Create("--traces", PathOf(id, DocumentExtension)).Write(stream => stream.Write(TraceJson.Write(told!)));
        }
        catch
        {
            // Not known yet, and what is known belongs to all threads.
            DeleteFiles(id);
            throw;
        }

        lock (_entry)
        {
            _known[id] = told!;
            Trim(id);
        }

        return told!;
    }

    private void Trim(string newest)
    {
        Refresh();
        TraceDocument[] oldestFirst = [.. _known.Values.OrderBy(trace => trace.CapturedAt)];
        (int count, long bytes) = (oldestFirst.Length, oldestFirst.Sum(trace => trace.Bytes));
        foreach (TraceDocument trace in oldestFirst)
        {
            bool isTooOld = _time.GetUtcNow() - trace.CapturedAt > _retention.Age;
            if (count <= _retention.Count && bytes <= _retention.Bytes && !isTooOld) continue;
            if (trace.Id == newest) continue;
            Remove(trace.Id);
            (count, bytes) = (count - 1, bytes - trace.Bytes);
        }

        RemoveUnfinished();
    }

    /// <summary>A collector that was killed while it wrote a trace has left files that nothing tells of, and that nothing counts.</summary>
    private void RemoveUnfinished()
    {
        string[] left =
        [
            .. Directory.EnumerateFiles(_folder, OutputFile.Unfinished),
            .. Directory.EnumerateFiles(_folder, "*" + TraceExtension).Where(file => Path.GetFileNameWithoutExtension(file) is var id
                && IsId(id) && !File.Exists(PathOf(id, DocumentExtension))),
        ];
        foreach (string file in left.Where(file => _time.GetUtcNow() - File.GetLastWriteTimeUtc(file) > LongestWrite)) Delete(file);
    }

    private void Remove(string id)
    {
        _known.Remove(id);
        DeleteFiles(id);
    }

    private void DeleteFiles(string id)
    {
        Delete(PathOf(id, DocumentExtension));
        Delete(PathOf(id, TraceExtension));
    }

    private static void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // It stays until it is removed with more rights than ours.
        }
    }

    /// <summary>Looks for what another collector has added or removed.</summary>
    private void Refresh()
    {
        HashSet<string> there = [];
        if (Directory.Exists(_folder))
        {
            foreach (string file in Directory.EnumerateFiles(_folder, "*" + DocumentExtension))
            {
                string id = Path.GetFileNameWithoutExtension(file);
                if (!IsId(id)) continue;
                if (_known.ContainsKey(id) || (TryRead(file) is { } trace && trace.Id == id && _known.TryAdd(id, trace))) there.Add(id);
            }
        }

        foreach (string gone in _known.Keys.Where(id => !there.Contains(id)).ToArray()) _known.Remove(gone);
    }

    private static TraceDocument? TryRead(string file)
    {
        try
        {
            return TraceJson.Read(File.ReadAllBytes(file));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsId(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigitLower);

    private string PathOf(string id, string extension) =>
        IsId(id) ? Path.Combine(_folder, id + extension) : throw new ArgumentException("no id of a trace", nameof(id));
}
