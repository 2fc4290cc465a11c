using System.Diagnostics;
using Observatory.Kernel;

namespace Observatory.EndToEnd.Tests;

/// <summary>
/// A program that a test has started. Dispose it and it has ended, whatever became of the test: asked by SIGTERM first,
/// killed after <see cref="Limits.Grace"/>. Only ever by its own process id.
/// </summary>
internal sealed class RunningProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Capture _output = new();
    private readonly Capture _error = new();

    private RunningProcess(ProcessStartInfo start, string input)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _output.Add(line.Data);
        _process.ErrorDataReceived += (_, line) => _error.Add(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _process.StandardInput.Write(input);
        _process.StandardInput.Close();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Standard output so far.</summary>
    public string Output => _output.Text;

    /// <summary>Standard error so far.</summary>
    public string Error => _error.Text;

    /// <summary>Starts a program.</summary>
    /// <param name="executable">Path, or a name to look up in PATH.</param>
    /// <param name="arguments">One item per argument.</param>
    /// <param name="environment">Variables to set beside the inherited ones; null removes one.</param>
    /// <param name="input">All of its standard input.</param>
    /// <param name="workingFolder">Where it starts; empty for where the tests do.</param>
    public static RunningProcess Start(
        string executable,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string input = "",
        string workingFolder = "")
    {
        var start = new ProcessStartInfo(executable, arguments)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        return new RunningProcess(start, input);
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="TimeoutException">It did not end within the limit; it has been ended.</exception>
    public static async Task<FinishedProcess> RunAsync(
        string executable,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string input = "",
        TimeSpan? limit = null)
    {
        await using RunningProcess process = Start(executable, arguments, environment, input);
        return await process.WaitAsync(limit ?? Limits.Condition);
    }

    /// <summary>Waits until it ends by itself.</summary>
    /// <exception cref="TimeoutException">It did not end within the limit; it still runs.</exception>
    public async Task<FinishedProcess> WaitAsync(TimeSpan limit)
    {
        if (!await HasEndedWithinAsync(limit, TestContext.Current.CancellationToken))
        {
            throw new TimeoutException(
                $"{_process.StartInfo.FileName} did not end within {limit}. It printed:\n{Output}\n{Error}");
        }

        return new FinishedProcess(_process.ExitCode, Output, Error);
    }

    /// <summary>Asks it to end (SIGTERM), insists (SIGKILL) when the grace is over.</summary>
    public async Task<FinishedProcess> StopAsync()
    {
        if (!_process.HasExited) ProcessSignal.TryTerminate(_process.Id);
        if (!await HasEndedWithinAsync(Limits.Grace, CancellationToken.None))
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        return new FinishedProcess(_process.ExitCode, Output, Error);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private async Task<bool> HasEndedWithinAsync(TimeSpan limit, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(limit);
        try
        {
            await _process.WaitForExitAsync(stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return false;
        }
    }
}
