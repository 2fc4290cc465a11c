using System.Collections.Concurrent;
using System.Diagnostics;

namespace Observatory.Workload.Tests;

/// <summary>The built workload as a process, which ends with the test that started it.</summary>
internal sealed class WorkloadProcess : IDisposable
{
    /// <summary>Far beyond what a busy machine needs; a test that waits this long has failed.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly DirectoryInfo Own = new(AppContext.BaseDirectory);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Task<string> _output;

    private WorkloadProcess(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, line) => { if (line.Data is { } text) _errors.Enqueue(text); };
        _process.Start();
        _process.BeginErrorReadLine();
        _output = _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>The workload's own output folder, beside that of the tests, of the same build configuration.</summary>
    public static string Folder { get; } = Path.GetFullPath(
        Path.Combine(Own.FullName, "..", "..", "Workload", Own.Name));

    public int Id => _process.Id;

    /// <summary>Complete lines of standard error so far.</summary>
    public IReadOnlyList<string> Errors => [.. _errors];

    /// <summary>Starts it with arguments separated by spaces, <c>''</c> for an empty one. Standard input stays open until closed.</summary>
    public static WorkloadProcess Start(string arguments, params IEnumerable<(string Name, string Value)> environment)
    {
        string[] all = [Path.Combine(Folder, "Observatory.Workload.dll"), .. arguments.Split(' ').Select(part => part == "''" ? "" : part)];
        var start = new ProcessStartInfo("dotnet", all)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(IsSetting).ToArray()) start.Environment.Remove(name);
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return new WorkloadProcess(new Process { StartInfo = start });
    }

    /// <summary>What this machine has set for its own workloads would otherwise decide the tests.</summary>
    private static bool IsSetting(string variable) =>
        variable.StartsWith("WORKLOAD_", StringComparison.Ordinal) || variable == "DOTNET_DiagnosticPorts";

    /// <summary>Waits for a line of standard error that contains the text, and returns it.</summary>
    public async Task<string> ErrorLineAsync(string text)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            bool ended = _process.HasExited;
            string? line = _errors.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal));
            if (line is not null) return line;
            Assert.False(ended, $"Ended without '{text}': {string.Join('\n', _errors)}");
            await Task.Delay(20, limit.Token);
        }
    }

    /// <summary>Waits for the end; both streams are complete then.</summary>
    public async Task<(int Code, string Output)> EndAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, await _output);
    }

    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Sends a signal by name; the shell has it built in.</summary>
    public void Signal(string name)
    {
        using Process shell = Process.Start("/bin/sh", ["-c", $"kill -{name} {_process.Id}"]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
