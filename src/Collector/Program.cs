using Observatory.Collector;
using Observatory.Hosting;

(string[] own, string[] workload) = WorkloadArguments.Split(args);
return await CommandLineRunner.RunAsync(
    "collector",
    Commands.Create(workload, ObservationSession.RunAsync, CandidateReport.Print, DoctorReport.Print),
    own);
