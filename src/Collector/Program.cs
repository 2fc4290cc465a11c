using Observatory.Collector;
using Observatory.Hosting;
using Observatory.Kernel;

// Before anything else is loaded: without descriptors the runtime ends with the name of an assembly that is there.
if (ResourceLimits.Read().OpenFiles is var files and < ResourceLimits.LeastOpenFiles)
{
    Console.Error.WriteLine(
        $"collector: this process may have {files} files open and needs at least {ResourceLimits.LeastOpenFiles}. Raise the limit: `ulimit -n 4096`.");
    return ExitCodes.WrongUsage;
}

return await Run(args);

static async Task<int> Run(string[] arguments)
{
    // What cannot be said must not end what is being done.
    Console.SetError(new ForgivingWriter(Console.Error));
    (string[] own, string[] workload) = WorkloadArguments.Split(arguments);
    return await CommandLineRunner.RunAsync(
        "collector",
        Commands.Create(workload, ObservationSession.RunAsync, CandidateReport.Print, DoctorReport.Print),
        own);
}
