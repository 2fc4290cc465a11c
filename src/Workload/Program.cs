using Observatory.Hosting;
using Observatory.Workload;

return await CommandLineRunner.RunAsync("workload", Commands.Create(SweepSession.RunAsync), args);
