using System.CommandLine;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>The options that say what to ask the target's runtime for.</summary>
internal sealed class RuntimeOptions
{
    private const int SmallestBuffer = 1;
    private const int LargestBuffer = 4096;

    private readonly Option<string> _events = new("--runtime-events")
    {
        Description = "How much of the target's runtime to observe: off, gc, default or verbose; add and take away groups like "
            + "default,+allocations,-loader. Levels, groups and their cost: docs/runtime-events.md.",
        HelpName = "level",
        DefaultValueFactory = _ => "default",
    };

    private readonly Option<int> _buffer = new("--buffer")
    {
        Description = "MB of the target's memory that may hold events until they are read; what does not fit is lost, and counted.",
        HelpName = "mb",
        DefaultValueFactory = _ => 64,
    };

    private readonly Option<string?> _nettrace = new("--nettrace")
    {
        Description = "Also copy the runtime's events as they come to this file, for PerfView, TraceEvent or Visual Studio.",
        HelpName = "file",
    };

    public void AddTo(Command command)
    {
        command.Add(_events);
        command.Add(_buffer);
        command.Add(_nettrace);
    }

    /// <exception cref="UsageException">A value is none that can be used.</exception>
    public RuntimeSourceOptions Read(ParseResult parsed) => new()
    {
        Detail = EventDetail.Parse(parsed.GetValue(_events)!),
        BufferMegabytes = ReadBuffer(parsed.GetValue(_buffer)),
        Nettrace = parsed.GetValue(_nettrace),
    };

    private static int ReadBuffer(int megabytes) =>
        megabytes is >= SmallestBuffer and <= LargestBuffer
            ? megabytes
            : throw new UsageException($"--buffer {megabytes} is no size. Choose from {SmallestBuffer} to {LargestBuffer} MB.");
}
