using System.Diagnostics;
using System.Net.Sockets;
using Observatory.Contract;
using Observatory.Hosting;

namespace Observatory.Collector.Tests;

public sealed class DiscoveryTests
{
    [Theory]
    [InlineData("Observatory.Wor", "/opt/Observatory.Workload sweep", "Observatory.Workload")]
    [InlineData("dotnet", "/usr/bin/dotnet exec --depsfile a.json /app/Shop.dll --port 1", "Shop")]
    [InlineData("dotnet", "/usr/bin/dotnet build", "dotnet")]
    [InlineData("renamed", "", "renamed")]
    public void A_process_is_called_by_its_program(string command, string commandLine, string expected) =>
        Assert.Equal(expected, ProcessNames.From(command, commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries))[0]);

    [Theory]
    [InlineData("/usr/share/dotnet/shared/Microsoft.NETCore.App/10.0.12/libcoreclr.so", "10.0.12")]
    [InlineData("/app/libcoreclr.so", null)]
    [InlineData("/usr/lib/libc.so.6", null)]
    public void The_runtime_tells_its_version_by_its_folder(string file, string? expected) =>
        Assert.Equal(expected, RuntimeLibrary.VersionIn($"7f00-7f01 r-xp 00000000 08:01 42   {file}\n7f02-7f03 rw-p 00000000 00:00 0\n"));

    [Fact]
    public void A_name_must_mean_one_process()
    {
        Candidate[] all = [Named(7, "shop"), Named(8, "shop"), Named(9, "till")];
        Assert.Equal(9, Candidates.Named("till", all).Process.Id);
        Assert.Contains("7 (child of 1: ./shop), 8 (child of 1: ./shop)", Assert.Throws<UsageException>(() => Candidates.Named("shop", all)).Message, StringComparison.Ordinal);
        Assert.Contains("7 shop, 8 shop, 9 till", Assert.Throws<UsageException>(() => Candidates.Named("bank", all)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_has_a_line_for_each()
    {
        string[] lines = CandidateReport.ToText([Named(7, "shop")]).Split('\n');
        Assert.Equal(["pid", "parent", "user", "uptime", "runtime", "state", "name", "command", "line"], Words(lines[0]));
        Assert.Equal(["7", "1", "1000", "1.02:03:04", "10.0.12", "running", "shop", "./shop"], Words(lines[1]));
    }

    [Theory]
    [InlineData("7f00-7f01 r-xp 0 08:01 42 /usr/lib/libcoreclr.so\n", true)]
    [InlineData("7f00-7f01 r-xp 0 08:01 42 /usr/lib/libcoreclr.so\n7f02-7f03 r--p 0 08:01 43 /usr/lib/System.Private.CoreLib.dll\n", false)]
    [InlineData("7f00-7f01 r-xp 0 08:01 42 /usr/lib/libc.so.6\n", false)]
    public void A_runtime_without_its_core_library_waits_to_be_resumed(string maps, bool isSuspended) =>
        Assert.Equal(isSuspended, RuntimeLibrary.IsSuspended(maps));

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static Candidate Named(int id, string name) => new(
        new ProcessFacts(id, name, UserId: 1000, InnerId: id, StartTicks: 1) { Parent = 1 }, [name], new TimeSpan(1, 2, 3, 4), "10.0.12")
    {
        CommandLine = $"./{name}",
    };
}

/// <summary>A program that was compiled ahead of time has no file of a runtime, and a socket only with support for event sources.</summary>
public sealed class NativeProgramTests : IDisposable
{
    private readonly Process _program = Process.Start("sleep", "600");

    [Fact]
    public void Without_a_socket_it_is_refused_with_what_opens_one()
    {
        ProcessFacts facts = ProcessFacts.Read(_program.Id)!;
        Assert.Null(DiagnosticsSocket.Find(facts));
        Assert.DoesNotContain(Candidates.List(), candidate => candidate.Process.Id == _program.Id);
        Assert.Contains("published with <EventSourceSupport>true</EventSourceSupport>", Refusal.NoSocket(facts), StringComparison.Ordinal);
    }

    [Fact]
    public void With_one_it_can_be_observed_although_it_has_no_runtime_that_could_be_named()
    {
        string path = Path.Combine(Path.GetTempPath(), DiagnosticsSocket.FileName(ProcessFacts.Read(_program.Id)!));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            socket.Listen();
            Candidate candidate = Assert.Single(Candidates.List(), candidate => candidate.Process.Id == _program.Id);
            Assert.Equal(("sleep", null, "running"), (candidate.Name, candidate.RuntimeVersion, candidate.State));
            Assert.Equal(SocketError.Success, DiagnosticsSocket.Try(DiagnosticsSocket.Find(candidate.Process)!));
        }
        finally
        {
            File.Delete(path);
        }
    }

    public void Dispose()
    {
        _program.Kill();
        _program.WaitForExit();
        _program.Dispose();
    }
}

public sealed class ProcessFactsTests
{
    private const string Stat = "4711 (a) b (c) S 1 4711 4711 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 9 0 624157 1 1";

    [Fact]
    public void The_inner_id_is_that_of_the_innermost_namespace_and_a_name_may_hold_anything() =>
        Assert.Equal(
            new ProcessFacts(4711, "a) b (c", UserId: 1001, InnerId: 1, StartTicks: 624157),
            ProcessFacts.Parse(4711, Status("S (sleeping)", 4711), Stat));

    /// <summary>It names its socket by the start time that it reads itself.</summary>
    [Theory]
    [InlineData(null, null, "dotnet-diagnostic-1-624157-socket")]
    [InlineData(1_000_000_000_000, 0L, "dotnet-diagnostic-1-724157-socket")]
    [InlineData(0L, 1_000_000_000_000, "dotnet-diagnostic-1-524157-socket")]
    public void The_socket_of_a_process_in_a_time_namespace_is_found_by_its_own_start_time(long? theirs, long? ours, string name) =>
        Assert.Equal(name, DiagnosticsSocket.FileName(ProcessFacts.Parse(4711, Status("S (sleeping)", 4711), Stat)!, theirs, ours));

    [Fact]
    public void A_kernel_without_namespaces_of_process_ids_has_no_line_of_them() => Assert.Equal(
        4711,
        ProcessFacts.Parse(4711, string.Join('\n', Status("S (sleeping)", 4711).Split('\n').Where(line => !line.StartsWith("NSpid", StringComparison.Ordinal))), Stat)!.InnerId);

    [Fact]
    public void Damaged_text_is_a_process_or_none_and_nothing_is_thrown()
    {
        var random = new Random(20261126);
        string whole = Status("S (sleeping)", 4711);
        for (int i = 0; i < 20_000; i++)
        {
            string status = Damage(whole), stat = random.Next(2) == 0 ? Stat : Damage(Stat);
            Exception? thrown = Record.Exception(() => ProcessFacts.Parse(4711, status, stat));
            Assert.True(thrown is null, $"{status}\n{stat}\n{thrown}");
        }

        string Damage(string text)
        {
            int at = random.Next(text.Length), length = Math.Min(random.Next(20), text.Length - at);
            string[] instead = ["", "-1", "99999999999999999999", "\n", ":", ")", " ", "\0", string.Concat(text.AsSpan(at, length), text.AsSpan(at, length))];
            return text.Remove(at, length).Insert(at, instead[random.Next(instead.Length)]);
        }
    }

    [Fact]
    public void A_process_that_has_ended_or_a_thread_is_none()
    {
        Assert.Null(ProcessFacts.Parse(4711, Status("Z (zombie)", 4711), Stat));
        Assert.Null(ProcessFacts.Parse(4711, Status("Z (zombie)", 4711) + "Threads:\t1\n", Stat));
        Assert.Null(ProcessFacts.Parse(4712, Status("S (sleeping)", 4711), Stat));
    }

    [Fact]
    public void A_process_whose_main_thread_has_ended_lives_as_long_as_its_others() =>
        Assert.NotNull(ProcessFacts.Parse(4711, Status("Z (zombie)", 4711) + "Threads:\t5\n", Stat));

    [Fact]
    public void A_name_that_would_harm_a_terminal_does_not()
    {
        string status = Status("T (stopped)", 4711).Replace("a) b (c", "a\u001b[31m", StringComparison.Ordinal) + "PPid:\t17\n";
        ProcessFacts facts = ProcessFacts.Parse(4711, status, Stat)!;
        Assert.Equal(("a?[31m", 17, true), (facts.Command, facts.Parent, facts.IsStopped));
    }

    private static string Status(string state, int group) =>
        $"Name:\ta) b (c\nState:\t{state}\nTgid:\t{group}\nPid:\t4711\nUid:\t1000\t1001\t1000\t1000\nNSpid:\t4711\t7\t1\n";
}

public sealed class ContractLibraryTests
{
    [Fact]
    public void A_process_that_marks_iterations_has_it_mapped()
    {
        Assert.Equal(WorkloadEventSource.SourceName, WorkloadEventSource.Log.Name);
        Assert.True(ContractLibrary.IsLoadedBy(Environment.ProcessId));
        Assert.False(ContractLibrary.IsLoadedBy(1 << 30));
    }

    [Theory]
    [InlineData("7f00-7f01 r--p 00000000 08:01 1 /app/Observatory.Contract.dll\n", true)]
    [InlineData("7f00-7f01 r--p 00000000 08:01 1 /app/Observatory.Contract.dll.config\n", false)]
    [InlineData("7f00-7f01 r--p 00000000 08:01 1 /app/App.dll\n", false)]
    [InlineData("", false)]
    public void It_is_known_by_its_file(string maps, bool isLoaded) => Assert.Equal(isLoaded, ContractLibrary.IsIn(maps));
}
