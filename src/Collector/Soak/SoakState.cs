using System.Text.Json;
using Observatory.Hosting;
using Observatory.Soak;

namespace Observatory.Collector;

/// <summary>
/// The samples of a soak test, on disk as they come: the plan in the first line, then a line each. A collector that was killed
/// goes on with them, and the time in between is a gap of the observation.
/// </summary>
internal sealed class SoakState : IDisposable
{
    private readonly List<SoakSample> _samples;
    private readonly FileStream? _file;
    private volatile bool _isFailed;

    private SoakState(SoakPlan plan, List<SoakSample> samples, FileStream? file)
    {
        (Plan, _samples, _file) = (plan, samples, file);
    }

    /// <summary>What is meant.</summary>
    public SoakPlan Plan { get; }

    /// <summary>What was seen so far, in the order of time.</summary>
    public IReadOnlyList<SoakSample> Samples => _samples;

    /// <summary>False once the disk has refused a sample: those from then on are in memory only.</summary>
    public bool IsWhole => !_isFailed;

    /// <summary>Opens a state, which may have been begun by an earlier collector.</summary>
    /// <param name="path">The file; null to keep the state in memory only.</param>
    /// <param name="plan">What is meant where there is no state yet.</param>
    /// <exception cref="UsageException">The file cannot be written, or holds something else.</exception>
    public static SoakState Open(string? path, SoakPlan plan)
    {
        if (path is null) return new SoakState(plan, [], null);
        FileStream file;
        try
        {
            // No buffer: what a full disk has refused would be tried again when the file is closed.
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--state '{SafeText.Line(path)}' cannot be opened: {SafeText.Line(refused.Message)} Give another file.");
        }

        if (file.Length > 0) return Read(path, file);
        var state = new SoakState(plan, [], file);
        try
        {
            state.Append(JsonSerializer.SerializeToUtf8Bytes(plan, SoakJsonContext.Default.SoakPlan));
            return state;
        }
        catch (IOException full)
        {
            // Half a plan would be no state when the test is begun again.
            file.SetLength(0);
            file.Dispose();
            throw new UsageException($"--state '{SafeText.Line(path)}' cannot be written: {SafeText.Line(full.Message)} Make room, or give another file.");
        }
    }

    /// <summary>Adds a sample. It is on the disk when this returns.</summary>
    /// <exception cref="IOException">Told once: the disk takes no more. The test goes on in memory.</exception>
    public void Add(SoakSample sample)
    {
        _samples.Add(sample);
        if (_file is null || _isFailed) return;
        try
        {
            Append(JsonSerializer.SerializeToUtf8Bytes(sample, SoakJsonContext.Default.SoakSample));
        }
        catch (IOException)
        {
            _isFailed = true;
            throw;
        }
    }

    public void Dispose() => _file?.Dispose();

    private static SoakState Read(string path, FileStream file)
    {
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        SoakPlan? plan = null;
        List<SoakSample> samples = [];
        int end = 0;
        try
        {
            for (int next; (next = bytes.AsSpan(end).IndexOf((byte)'\n')) >= 0; end += next + 1)
            {
                ReadOnlySpan<byte> line = bytes.AsSpan(end, next);
                if (plan is null) plan = JsonSerializer.Deserialize(line, SoakJsonContext.Default.SoakPlan);
                else if (JsonSerializer.Deserialize(line, SoakJsonContext.Default.SoakSample) is { } sample) samples.Add(sample);
            }
        }
        catch (JsonException) when (plan is not null)
        {
            // The line that was being written when the collector was killed, or the machine.
        }
        catch (JsonException)
        {
            // Not a state at all; said below.
        }

        if (plan is not { Version: 1, Seconds: > 0, IntervalSeconds: > 0 })
        {
            file.Dispose();
            throw new UsageException($"--state '{SafeText.Line(path)}' is not the state of a soak test. Give another file, or one that does not exist.");
        }

        file.SetLength(end);
        file.Position = end;
        return new SoakState(plan, samples, file);
    }

    private void Append(byte[] line)
    {
        _file!.Write([.. line, (byte)'\n']);
        _file.Flush(flushToDisk: true);
    }
}
