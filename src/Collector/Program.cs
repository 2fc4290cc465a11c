using Observatory.Collector.CommandLine;
using Observatory.Collector.Doctor;
using Observatory.Collector.Observing;

return await CommandLineEntry.RunAsync(args, ObservationSession.RunAsync, DoctorReport.Print);
