using Observatory.Collector;
using Observatory.Hosting;

// What cannot be said must not end what is being done.
Console.SetError(new ForgivingWriter(Console.Error));
(string[] own, string[] workload) = WorkloadArguments.Split(args);
return await CommandLineRunner.RunAsync(
    "collector",
    Commands.Create(workload, ObservationSession.RunAsync, CandidateReport.Print, DoctorReport.Print),
    own);
