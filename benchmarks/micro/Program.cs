// What an event, an iteration and a scrape cost the collector: from the bytes that the kernel or EventPipe wrote to the last sink.
//
//   dotnet run -c Release --project benchmarks/micro [OPTIONS OF BENCHMARKDOTNET: --filter '*Switch*', --list flat, ...]
//   dotnet run -c Release --project benchmarks/micro ROUNDS [FILTER]   (a line each: the fastest chunk, as benchmarks/micro/run.sh
//                                                                       reads it from this revision and others)
//   dotnet run -c Release --project benchmarks/micro growth            (how these costs grow; benchmarks/micro/growth.sh)
//
// Two costs stand side by side: that of the thread that reads, and that of the timeline's thread with everything behind it.

using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Observatory.Micro;

if (args is ["growth"])
{
    Growth.Print();
    return;
}

if (args.Length > 0 && int.TryParse(args[0], CultureInfo.InvariantCulture, out int rounds))
{
    PrintFastest(rounds, args.Length > 1 ? args[1] : "");
    return;
}

// In this process, because the collector's assemblies are its own: nothing has to be built once more. A chunk is one invocation; there are many.
Job job = Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance).WithWarmupCount(40).WithIterationCount(100);
BenchmarkSwitcher
    .FromTypes([typeof(SwitchBenchmarks), typeof(IterationBenchmarks), typeof(ScrapeBenchmarks)])
    .Run(args, DefaultConfig.Instance.AddJob(job).WithArtifactsPath("artifacts/benchmarks").WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(40)));

static void PrintFastest(int rounds, string filter)
{
    // Round 0 compiles.
    for (int round = 0; round <= rounds; round++)
    {
        foreach ((string what, Func<Scenario> make) in Scenario.All.Where(one => one.Key.Contains(filter, StringComparison.Ordinal)))
        {
            Cost cost = Fastest.Of(make);
            if (round > 0)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-28} reader {cost.Reader,7:F0} ns  timeline {cost.Timeline,9:F0} ns {cost.Bytes,7:F0} B"));
        }
    }
}
