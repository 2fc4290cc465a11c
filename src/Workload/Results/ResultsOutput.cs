using System.Diagnostics;
using Observatory.Hosting;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>
/// The results file of a running sweep. It is written after every pass, so that a kill or a full disk loses one pass at most,
/// and never by taking better results away: while the file holds more samples of another run, those of this one stand beside
/// it in <c>FILE.partial</c>, until this run has more or has ended as it was meant to.
/// </summary>
internal sealed class ResultsOutput : IDisposable
{
    /// <summary>An endless sweep keeps this many full files: FILE.1 is the newest of them.</summary>
    public const int Kept = 4;

    /// <summary>Where passes are shorter than this, the file is not written after each.</summary>
    private static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(1);

    /// <summary>Writing takes at most one part in so many of the time.</summary>
    private const int Rarer = 20;

    private readonly OutputFile _file;
    private readonly OutputFile? _beside;
    private readonly FileStream? _lock;
    private readonly ILogger _logger;
    private readonly long _others;
    private bool _isOurs;
    private bool _isBeside;
    private bool _failed;
    private long _written = Stopwatch.GetTimestamp();
    private TimeSpan _taken;

    private ResultsOutput(OutputFile file, FileStream? ownLock, bool resumes, ILogger logger)
    {
        (_file, _lock, _logger, _isOurs) = (file, ownLock, logger, resumes);
        if (file.IsStream) return;
        _beside = OutputFile.Create(SettingKeys.Results.Option, Partial);
        _others = resumes ? 0 : SamplesIn(file.Path);
    }

    /// <summary>Where samples stand while the file holds more of another run.</summary>
    public string Partial => _file.Path + ".partial";

    /// <summary>Checks that the file can be written and that no other sweep writes it.</summary>
    /// <param name="setting">Names it.</param>
    /// <param name="resumes">The run goes on with what is in it.</param>
    /// <param name="logger">Takes what goes wrong meanwhile.</param>
    /// <exception cref="UsageException">It cannot be written, or another sweep writes it.</exception>
    public static ResultsOutput Open(Setting setting, bool resumes, ILogger logger)
    {
        OutputFile file = OutputFile.Create(setting.Name, setting.Text);
        return new ResultsOutput(file, file.IsStream ? null : Lock(setting), resumes, logger);
    }

    /// <summary>A pass is complete: writes the file unless that was just done.</summary>
    public void AfterPass(Func<StudyResults> results)
    {
        if (_file.IsStream || Stopwatch.GetElapsedTime(_written) < Max(LeastInterval, Rarer * _taken)) return;
        Try(() => Write(results(), hasEnded: false));
    }

    /// <summary>The memory for samples is full: puts the file aside as FILE.1, and those that are there already one further.</summary>
    /// <returns>False when the samples are in no file.</returns>
    public bool TryRotate(StudyResults results) => !_file.IsStream && Try(() =>
    {
        // Results of another run in the file go aside, too; they are not overwritten.
        if (!_isOurs && _others > 0) PutAside();
        Write(results, hasEnded: true);
        PutAside();
    });

    /// <summary>The sweep is over.</summary>
    /// <param name="results">All that was measured.</param>
    /// <param name="hasEnded">As it was meant to; false when it was stopped.</param>
    /// <returns>False when there is nothing to write: no sample was taken.</returns>
    /// <exception cref="OutputFailedException">The file cannot be written.</exception>
    public bool Finish(StudyResults results, bool hasEnded)
    {
        if (Samples(results) == 0) return false;
        Write(results, hasEnded);
        if (!_isOurs) WorkloadLog.ResultsBeside(_logger, _file.Path, _others, Samples(results), Partial);
        return true;
    }

    public void Dispose() => _lock?.Dispose();

    /// <summary>A disk that is full now may have room later; the samples are still in memory.</summary>
    private bool Try(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception problem) when (problem is OutputFailedException or IOException or UnauthorizedAccessException)
        {
            if (!_failed) WorkloadLog.ResultsNotWritten(_logger, problem.Message);
            _failed = true;
            _written = Stopwatch.GetTimestamp();
            return false;
        }
    }

    private void Write(StudyResults results, bool hasEnded)
    {
        long samples = Samples(results);
        if (samples == 0) return;
        long begin = Stopwatch.GetTimestamp();
        _isOurs |= hasEnded || samples >= _others;
        (_isOurs ? _file : _beside!).Write(StudyResultsWriter.Write(results));
        if (_isOurs && _isBeside) File.Delete(Partial);
        _isBeside = !_isOurs;
        _written = Stopwatch.GetTimestamp();
        _taken = Stopwatch.GetElapsedTime(begin, _written);
    }

    private void PutAside()
    {
        if (!File.Exists(_file.Path)) return;
        for (int number = Kept; number > 1; number--)
        {
            if (File.Exists(Older(number - 1))) File.Move(Older(number - 1), Older(number), overwrite: true);
        }

        File.Move(_file.Path, Older(1), overwrite: true);
    }

    private string Older(int number) => $"{_file.Path}.{number}";

    private static long Samples(StudyResults results) => results.Configurations.Sum(
        configuration => configuration.DurationNs.Count + (configuration.DroppedSamples ?? 0));

    /// <summary>What is no results file counts as the best there is: it is not ours to replace before the end.</summary>
    private static long SamplesIn(string path)
    {
        try
        {
            return !File.Exists(path) || new FileInfo(path).Length == 0 ? 0 : Samples(StudyResultsReader.Read(File.ReadAllText(path)));
        }
        catch (Exception problem) when (problem is ResultsFormatException or IOException or UnauthorizedAccessException)
        {
            return long.MaxValue;
        }
    }

    /// <summary>
    /// A file beside it that only one process can have open; the kernel gives it back however the process ends. The results
    /// file itself is another one after each renaming. Null where the folder takes no new file.
    /// </summary>
    private static FileStream? Lock(Setting setting)
    {
        string path = Path.GetFullPath(setting.Text);
        if (new FileInfo(path).LinkTarget is not null)
            path = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        string place = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.lock");
        try
        {
            return new FileStream(
                place, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException) when (File.Exists(place))
        {
            throw new UsageException($"{setting.Name} '{setting.Text}' is being written by another sweep; give another file.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
