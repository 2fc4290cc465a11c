using Observatory.Hosting;
using Observatory.Workload;

if (!StartGate.Pass()) return ExitCodes.Done;

return await CommandLineRunner.RunAsync("workload", WorkloadCommands.Create(SweepSession.RunAsync), args);
