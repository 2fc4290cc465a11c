namespace Observatory.EndToEnd.Tests;

/// <summary>With which rights a program is started: what has to stand before it on a command line.</summary>
internal sealed record Rights(params string[] Prefix)
{
    private const string Id = "65534";

    /// <summary>Those of these tests.</summary>
    public static readonly Rights Own = new();

    /// <summary>A user without any: nobody.</summary>
    public static readonly Rights Nobody = new("setpriv", "--reuid", Id, "--regid", Id, "--clear-groups");

    /// <summary>The same user with one capability.</summary>
    public static Rights NobodyWith(string capability) =>
        new([.. Nobody.Prefix, "--inh-caps", $"+{capability}", "--ambient-caps", $"+{capability}"]);

    /// <summary>Starts a program with these rights. What is started is the program itself: the process id is its own.</summary>
    public RunningProcess Start(string program, params string[] arguments)
    {
        string[] command = [.. Prefix, program, .. arguments];
        return RunningProcess.Start(command[0], command[1..]);
    }

    /// <summary>Runs a program with these rights to its end.</summary>
    public async Task<FinishedProcess> RunAsync(string program, params string[] arguments)
    {
        await using RunningProcess process = Start(program, arguments);
        return await process.WaitAsync(Limits.Condition);
    }

    /// <summary>Skips the test where rights cannot be taken away or the programs are closed to other users.</summary>
    public static async Task NeedsToDropThemAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && Programs.Exists("setpriv"), "Needs root and setpriv to drop rights.");
        FinishedProcess readable = await Nobody.RunAsync("test", "-x", Built.Collector);
        Assert.SkipUnless(readable.ExitCode == 0, $"Needs a checkout that other users may read: {Built.Collector}");
    }
}
