using Observatory.Collector.CommandLine;
using Observatory.Collector.Doctor;
using Observatory.Collector.Observing;
using Observatory.Hosting;

(string[] own, string[] workload) = WorkloadArguments.Split(args);
return await CommandLineRunner.RunAsync(
    "collector", Commands.Create(workload, ObservationSession.RunAsync, DoctorReport.Print), own);
