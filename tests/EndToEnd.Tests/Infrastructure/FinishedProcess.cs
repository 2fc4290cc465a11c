namespace Observatory.EndToEnd.Tests;

/// <summary>A process that has ended: its exit code and everything it printed.</summary>
internal sealed record FinishedProcess(int ExitCode, string Output, string Error);
