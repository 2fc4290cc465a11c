using Observatory.Hosting;
using Observatory.Workload.CommandLine;
using Observatory.Workload.Sweep;

return await CommandLineRunner.RunAsync("workload", Commands.Create(SweepSession.RunAsync), args);
