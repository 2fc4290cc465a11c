namespace Observatory.Collector;

/// <summary>What a person sees while the collector runs.</summary>
internal interface IScreen
{
    /// <summary>Shows what there is to see until cancelled.</summary>
    Task ShowAsync(CancellationToken cancellation);

    /// <summary>Takes a line that is to be read once there is something to look at.</summary>
    void Note(string line);

    /// <summary>Takes a log line, of the collector or of the workload.</summary>
    void Log(string line);
}
