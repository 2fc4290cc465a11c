using Observatory.Hosting;
using Observatory.Workload;

return await CommandLineRunner.RunAsync("workload", WorkloadCommands.Create(SweepSession.RunAsync), args);
