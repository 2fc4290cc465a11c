using System.CommandLine;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary><c>record</c>: write what happens in the next seconds to a Perfetto trace.</summary>
internal sealed class RecordCommand
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(10);

    private readonly Option<string> _output = new("--output")
    {
        Description = "File to write, for https://ui.perfetto.dev.",
        HelpName = "file",
        Required = true,
    };

    private readonly ProcessOptions _process = new("record", "Name of a running .NET process.");

    private readonly ObserveCommandOptions _options = new();

    /// <param name="workload">What followed <c>--</c>.</param>
    /// <param name="observe">Runs an observation.</param>
    public Command Create(string[] workload, Func<ObserveOptions, Task<int>> observe)
    {
        var record = new Command("record", "Record the next 10 s (--duration) to a Perfetto trace, then exit.") { _output };
        _process.AddTo(record);
        _options.AddTo(record);
        record.SetAction(parsed => observe(Read(parsed, workload)));
        return record;
    }

    private ObserveOptions Read(ParseResult parsed, string[] workload)
    {
        (int? pid, string? name) = _process.Read(parsed, workload);
        if (_options.HasTraces(parsed)) throw new UsageException("record writes one file, --output, and captures no other traces; leave --traces out.");
        OutputFile output = OutputFile.Create(_output.Name, parsed.GetValue(_output)!);
        ObserveOptions options = _options.Read(parsed, output);
        return options with
        {
            Recording = output,
            Duration = options.Duration ?? Usual,
            TracesFolder = null,
            ProcessId = pid ?? (name is null ? null : Candidates.Named(name, Candidates.List()).Process.Id),
            WorkloadArguments = workload,
        };
    }
}
