using System.Text.Json;
using Observatory.Contract;
using Observatory.TruthTarget;

var options = TargetOptions.Parse(args);
if (options.Storm)
{
    Storm.Run();
    return;
}

var driver = new Driver(options);
using (new Pulse())
using (new Leak(options.Leak))
using (new Beginnings(options.BeginEveryMilliseconds))
{
    if (options.Drivers > 0) Drivers.Run(options);
    else driver.Run();
}

foreach (IterationTruth truth in driver.Truths)
    Console.WriteLine(JsonSerializer.Serialize(truth, TruthJsonContext.Default.IterationTruth));
Console.WriteLine(JsonSerializer.Serialize(
    new Written(WorkloadEventSource.Log.IterationsWritten), TruthJsonContext.Default.Written));
