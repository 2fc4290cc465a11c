using System.CommandLine;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary><c>attach</c>: observe a process that the collector has not started.</summary>
internal sealed class AttachCommand
{
    private readonly Option<int?> _pid = new("--pid")
    {
        Description = "Process id of a running .NET process.",
        HelpName = "n",
    };

    private readonly Option<string?> _name = new("--name")
    {
        Description = "Name of a running .NET process: of its executable, or of its entry assembly.",
        HelpName = "name",
    };

    private readonly Option<string?> _port = new("--diagnostic-port")
    {
        Description = "Wait on this socket for a .NET process that is started with DOTNET_DiagnosticPorts=path: it is "
            + "observed from its first instruction.",
        HelpName = "path",
    };

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "With --pid or --name: resume a process whose runtime waits for it (DOTNET_DefaultDiagnosticPortSuspend=1), "
            + "once everything listens.",
    };

    private readonly Option<bool> _wait = new("--wait")
    {
        Description = "With --name or --diagnostic-port: wait for the process to start, and when it ends for the next one, until "
            + "Ctrl-C or the end of --duration. All of them count as one program.",
    };

    private readonly Option<bool> _list = new("--list")
    {
        Description = "Print the .NET processes that can be observed, then exit.",
    };

    private readonly ObserveCommandOptions _options = new();

    /// <param name="workload">What followed <c>--</c>; must be nothing.</param>
    /// <param name="observe">Runs an observation.</param>
    /// <param name="list">Prints the candidates, as JSON when true.</param>
    public Command Create(string[] workload, Func<ObserveOptions, Task<int>> observe, Func<bool, int> list)
    {
        var attach = new Command("attach", "Observe a .NET process that is running, or wait for one.") { _pid, _name, _port, _wait, _list, _resume };
        _options.AddTo(attach);
        attach.SetAction(parsed =>
        {
            if (workload.Length > 0)
                throw new UsageException("Arguments after -- are for a workload that the collector starts; attach starts none.");
            CheckChoice(parsed);
            if (parsed.GetValue(_resume) && (parsed.GetValue(_list) || parsed.GetValue(_port) is not null))
                throw new UsageException("--resume goes with --pid or --name; a process that connects to --diagnostic-port is always resumed.");
            if (parsed.GetValue(_wait) && parsed.GetValue(_name) is null && parsed.GetValue(_port) is null)
                throw new UsageException("--wait goes with --name or --diagnostic-port: a process that is not there yet has no id.");
            ObserveOptions options = _options.Read(parsed);
            if (parsed.GetValue(_wait) && options.Runtime.Nettrace is not null)
                throw new UsageException("--nettrace records one process, and --wait follows several; leave one of them out.");
            return parsed.GetValue(_list) ? Task.FromResult(list(options.Json)) : observe(Choose(parsed, options));
        });
        return attach;
    }

    private void CheckChoice(ParseResult parsed)
    {
        Option[] choices = [_pid, _name, _port, _list];
        string[] chosen = [.. choices.Where(choice => parsed.GetResult(choice) is { Implicit: false }).Select(choice => choice.Name)];
        if (chosen.Length == 1) return;
        throw new UsageException(
            $"attach takes exactly one of {string.Join(", ", choices.Select(choice => choice.Name))}; "
            + $"it was given {(chosen.Length == 0 ? "none" : string.Join(" and ", chosen))}.");
    }

    private ObserveOptions Choose(ParseResult parsed, ObserveOptions options)
    {
        bool waits = parsed.GetValue(_wait);
        if (parsed.GetValue(_port) is { } port) return options with { DiagnosticPort = port, Follows = waits };
        options = options with { Resumes = parsed.GetValue(_resume) };
        if (waits) return options with { AwaitedName = parsed.GetValue(_name), Follows = true };
        return options with
        {
            ProcessId = parsed.GetValue(_pid) ?? Candidates.Named(parsed.GetValue(_name)!, Candidates.List()).Process.Id,
        };
    }
}
