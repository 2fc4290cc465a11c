namespace Observatory.Collector;

/// <summary>What a thread is to the runtime.</summary>
internal enum ThreadKind
{
    /// <summary>It was there before anybody looked.</summary>
    Unknown,

    /// <summary>Nobody has told yet.</summary>
    Undecided,

    /// <summary>It runs, or has run, managed code.</summary>
    Managed,

    /// <summary>It never has.</summary>
    Native,
}

/// <summary>Threads by kind.</summary>
internal sealed class ThreadCounts
{
    public long Managed { get; set; }

    public long Native { get; set; }

    public long Unknown { get; set; }

    public void Add(ThreadKind kind)
    {
        if (kind == ThreadKind.Managed) Managed++;
        else if (kind == ThreadKind.Native) Native++;
        else Unknown++;
    }
}
