using System.Diagnostics;

namespace Observatory.Kernel.Tests;

/// <summary>Runs tests of this assembly again as somebody without any right.</summary>
public sealed class UnprivilegedTests
{
    private const string Nobody = "65534";

    [Theory]
    [InlineData(typeof(ThreadRecordingTests))]
    [InlineData(typeof(PageFaultTests))]
    public async Task They_pass_as_nobody_too(Type tests)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Needs root, to become nobody.");
        Assert.SkipUnless(ParanoidIsAtMost(2), "Needs perf_event_paranoid of at most 2.");
        using Process child = Process.Start(new ProcessStartInfo("setpriv")
        {
            ArgumentList =
            {
                $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all",
                "--no-new-privs", Path.ChangeExtension(typeof(UnprivilegedTests).Assembly.Location, null),
                "-class", tests.FullName!,
            },
            Environment = { ["HOME"] = "/nonexistent", ["DOTNET_EnableDiagnostics"] = "0" },
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, output + await errors);
    }

    private static bool ParanoidIsAtMost(int level) =>
        KernelText.TryRead("/proc/sys/kernel/perf_event_paranoid", out string text)
        && ParanoidLevel.TryParse(text, out int actual)
        && actual <= level;
}
