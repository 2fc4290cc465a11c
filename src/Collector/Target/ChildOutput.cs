using System.Diagnostics;

namespace Observatory.Collector;

/// <summary>
/// Reads what a child prints, so that it never waits for room in a pipe. Its log lines are passed on; its results are
/// dropped, because the collector prints better ones.
/// </summary>
internal sealed class ChildOutput
{
    private readonly Process _process;
    private volatile string _lastLine = "it printed nothing";

    public ChildOutput(Process process, Action<string> log)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            if (string.IsNullOrWhiteSpace(line.Data)) return;
            _lastLine = line.Data;
            log(line.Data);
        };
    }

    /// <summary>True once the child was started.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The child's last log line: where it failed, this says why.</summary>
    public string LastLine => _lastLine;

    public void Begin()
    {
        HasBegun = true;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }
}
