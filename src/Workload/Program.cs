using Observatory.Workload.CommandLine;
using Observatory.Workload.Sweep;

return await CommandLineEntry.RunAsync(args, SweepSession.RunAsync);
