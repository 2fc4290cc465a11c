using System.CommandLine;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>The options <c>--pid</c> and <c>--name</c> of a command that otherwise starts the workload.</summary>
/// <param name="command">The command, for messages.</param>
/// <param name="ofName">What <c>--name</c> does.</param>
internal sealed class ProcessOptions(string command, string ofName)
{
    private readonly Option<int?> _pid = new("--pid")
    {
        Description = "Process id of a running .NET process. Default: starts the workload.",
        HelpName = "n",
    };

    private readonly Option<string?> _name = new("--name") { Description = ofName, HelpName = "name" };

    public void AddTo(Command to)
    {
        to.Add(_pid);
        to.Add(_name);
    }

    /// <param name="parsed">What the user wrote.</param>
    /// <param name="workload">What followed <c>--</c>.</param>
    /// <returns>At most one of the two.</returns>
    /// <exception cref="UsageException">They exclude each other, or what follows <c>--</c>.</exception>
    public (int? Pid, string? Name) Read(ParseResult parsed, string[] workload)
    {
        (int? pid, string? name) = (parsed.GetValue(_pid), parsed.GetValue(_name));
        if (pid is not null && name is not null) throw new UsageException($"{command} takes --pid or --name, not both.");
        if (workload.Length > 0 && (pid is not null || name is not null))
            throw new UsageException("Arguments after -- are for a workload that the collector starts; with --pid or --name it starts none.");
        return (pid, name);
    }
}
