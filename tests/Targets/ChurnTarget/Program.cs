using Observatory.ChurnTarget;

using var stop = new Stop();
if (args is ["rounds", var work])
{
    Rounds.Run(work, stop);
    return;
}

Thread[] churning = [.. args.Select(mode => new Thread(Churn(mode)) { Name = $"churn-{mode}", IsBackground = true })];
foreach (Thread thread in churning) thread.Start();
// Quiet for the tests, which read only that it has begun.
Console.WriteLine("churning");
stop.Wait();

ThreadStart Churn(string mode)
{
    Action<Random> once = Modes.Find(mode);
    return () =>
    {
        var random = new Random(4711);
        while (!stop.IsAsked) once(random);
    };
}
