using System.Diagnostics;

namespace Observatory.Kernel.Tests;

/// <summary>Runs tests of this assembly once more, in a process with other rights. Needs root.</summary>
internal static class TestsAgain
{
    private const string Nobody = "--reuid=65534 --regid=65534 --clear-groups";

    /// <summary>As a user without any right.</summary>
    public static Task PassAsNobody(params Type[] tests) =>
        PassAs($"exec setpriv {Nobody} --inh-caps=-all --bounding-set=-all --no-new-privs", tests);

    /// <summary>As a user with CAP_PERFMON and nothing else.</summary>
    public static Task PassWithPerfMon(params Type[] tests) =>
        PassAs($"exec setpriv {Nobody} --inh-caps=-all,+perfmon --ambient-caps=-all,+perfmon", tests);

    /// <summary>The same, where the numbers of tracepoints can be read in the given directory.</summary>
    public static Task PassWithPerfMonAndTracefs(string tracefs, params Type[] tests) => PassAs(
        $"exec unshare --mount sh -c 'mount --bind {tracefs} /sys/kernel/tracing && exec setpriv {Nobody} "
        + "--inh-caps=-all,+perfmon --ambient-caps=-all,+perfmon \"$@\"' sh",
        tests);

    private static async Task PassAs(string prefix, Type[] tests)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Needs root, to become somebody else.");
        string runner = Path.ChangeExtension(typeof(TestsAgain).Assembly.Location, null);
        ProcessStartInfo start = new("sh")
        {
            ArgumentList = { "-c", $"{prefix} \"$@\"", "sh", runner },
            Environment = { ["HOME"] = "/nonexistent", ["DOTNET_EnableDiagnostics"] = "0" },
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (Type type in tests)
        {
            start.ArgumentList.Add("-class");
            start.ArgumentList.Add(type.FullName!);
        }

        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync();
        string output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.True(child.ExitCode == 0, output + await errors);
    }
}
