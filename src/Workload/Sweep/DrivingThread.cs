namespace Observatory.Workload;

/// <summary>
/// One thread for the whole sweep. An iteration's account is that of a thread, so iterations must not move between
/// the threads of a pool.
/// </summary>
internal static class DrivingThread
{
    /// <summary>As the kernel shows it: 15 characters at most.</summary>
    public const string Name = "sweep";

    /// <summary>
    /// Runs the work on a new thread; the task ends as the work does, with its exception if it throws.
    /// </summary>
    public static Task Run(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Complete(done, work)) { Name = Name, IsBackground = true }.Start();
        return done.Task;
    }

    private static void Complete(TaskCompletionSource done, Action work)
    {
        try
        {
            work();
            done.SetResult();
        }
#pragma warning disable CA1031 // Whatever it is, the one who awaits the task gets it.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            done.SetException(problem);
        }
    }
}
