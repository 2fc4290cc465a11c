using System.Text.Json;
using Observatory.Contract;
using Observatory.TruthTarget;

var options = TargetOptions.Parse(args);
if (options.Storm)
{
    Storm.Run();
    return;
}

using var driver = new Driver(options);
using (new Pulse())
using (new Beginnings(options.BeginEveryMilliseconds))
    driver.Run();

foreach (IterationTruth truth in driver.Truths)
    Console.WriteLine(JsonSerializer.Serialize(truth, TruthJsonContext.Default.IterationTruth));
Console.WriteLine(JsonSerializer.Serialize(
    new Written(WorkloadEventSource.Log.IterationsWritten), TruthJsonContext.Default.Written));
