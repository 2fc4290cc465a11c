using System.Diagnostics;
using Observatory.Kernel;

namespace Observatory.Hosting.Tests;

public sealed class OutputFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("observatory-output-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_is_replaced_whole_and_keeps_its_mode()
    {
        string path = Old("report.html");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        OutputFile.Create("--html", path).Write("new");

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Checking_a_file_leaves_no_trace()
    {
        string old = Old("old");

        OutputFile.Create("--html", old);
        OutputFile.Create("--html", In("new"));

        Assert.Equal("old", File.ReadAllText(old));
        Assert.Equal([old], Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_failed_write_leaves_the_old_content_and_nothing_beside_it()
    {
        string path = Old("report.html");
        OutputFile file = OutputFile.Create("--html", path);

        OutputFailedException failure = Assert.Throws<OutputFailedException>(() => file.Write(stream =>
        {
            stream.Write("half"u8);
            throw new IOException("No space left on device");
        }));

        Assert.Equal($"--html '{path}' could not be written: No space left on device.", failure.Message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_link_stays_a_link_and_its_file_is_written()
    {
        string path = Old("real");
        File.CreateSymbolicLink(In("middle"), "real");
        File.CreateSymbolicLink(In("link"), In("middle"));

        OutputFile.Create("--html", In("link")).Write("new");

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Null(new FileInfo(path).LinkTarget);
        Assert.Equal("real", new FileInfo(In("middle")).LinkTarget);
        Assert.Equal(In("middle"), new FileInfo(In("link")).LinkTarget);
    }

    [Fact]
    public void A_link_to_a_file_that_is_not_there_yet_makes_it()
    {
        File.CreateSymbolicLink(In("link"), In("later"));

        OutputFile.Create("--html", In("link")).Write("new");

        Assert.Equal("new", File.ReadAllText(In("later")));
        Assert.NotNull(new FileInfo(In("link")).LinkTarget);
    }

    [Fact]
    public void A_device_is_written_and_stays_one()
    {
        File.CreateSymbolicLink(In("null"), "/dev/null");

        OutputFile.Create("--html", In("null")).Write("new");

        Assert.Equal(FileKind.CharacterDevice, FileStatus.Read(In("null"))!.Value.Kind);
        Assert.NotNull(new FileInfo(In("null")).LinkTarget);
    }

    [Fact]
    public void A_full_device_is_one_line()
    {
        OutputFailedException failure =
            Assert.Throws<OutputFailedException>(() => OutputFile.Create("--html", "/dev/full").Write("new"));

        Assert.StartsWith("--html '/dev/full' could not be written: No space left on device", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_is_written_and_stays_one()
    {
        string pipe = MakePipe("pipe");
        OutputFile file = OutputFile.Create("--html", pipe);

        Task<string> reader = Task.Run(() => File.ReadAllText(pipe));
        file.Write("new");

        Assert.Equal("new", await reader.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(FileKind.Pipe, FileStatus.Read(pipe)!.Value.Kind);
    }

    [Fact]
    public void An_open_descriptor_is_written_where_it_stands()
    {
        string path = In("descriptor");
        using var open = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        string descriptor = $"/dev/fd/{open.SafeFileHandle.DangerousGetHandle()}";

        OutputFile.Create("--html", descriptor).Write("new");

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("", "--html is empty; give a file.")]
    [InlineData("/proc/nothing", "--html '/proc/nothing' cannot be written: ")]
    [InlineData("/nonexistent/report.html",
        "--html '/nonexistent/report.html' cannot be written: the folder '/nonexistent' does not exist. Give another file.")]
    [InlineData("/dev", "--html '/dev' cannot be written: it is a folder. Give another file.")]
    [InlineData("a\0b", "--html 'a\0b' cannot be written: ")]
    public void What_cannot_be_written_is_said_at_once(string path, string message)
    {
        UsageException refused = Assert.Throws<UsageException>(() => OutputFile.Create("--html", path));

        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_that_lead_round_in_a_circle_are_refused()
    {
        File.CreateSymbolicLink(In("a"), In("b"));
        File.CreateSymbolicLink(In("b"), In("a"));

        Assert.Throws<UsageException>(() => OutputFile.Create("--html", In("a")));
    }

    [Fact]
    public void An_output_must_not_be_an_input_by_whatever_path()
    {
        string input = Old("results.json");
        File.CreateSymbolicLink(In("link"), input);

        foreach (string path in new[] { input, In("link"), Path.Combine(_folder, ".", "results.json") })
        {
            UsageException refused = Assert.Throws<UsageException>(() =>
                OutputFile.RequireDistinct([OutputFile.Create("--csv", path)], ("RESULTS", input)));

            Assert.Equal($"--csv '{path}' is the same file as the input RESULTS; give each its own.", refused.Message);
        }
    }

    [Fact]
    public void Two_outputs_must_not_be_one_file_and_streams_may()
    {
        OutputFile[] same = [OutputFile.Create("--accounts", In("x")), OutputFile.Create("--nettrace", In("x"))];
        OutputFile[] devices = [OutputFile.Create("--accounts", "/dev/null"), OutputFile.Create("--nettrace", "/dev/null")];
        OutputFile[] different = [OutputFile.Create("--accounts", In("x")), OutputFile.Create("--nettrace", In("y"))];

        Assert.Contains("--accounts", Assert.Throws<UsageException>(() => OutputFile.RequireDistinct(same)).Message);
        OutputFile.RequireDistinct(devices);
        OutputFile.RequireDistinct(different);
    }

    [Fact]
    public void A_folder_is_made()
    {
        Assert.True(Directory.Exists(OutputFile.CreateFolder("--plots", In("new/plots"))));
        Assert.Throws<UsageException>(() => OutputFile.CreateFolder("--plots", ""));
        Assert.Throws<UsageException>(() => OutputFile.CreateFolder("--plots", Old("file")));
    }

    private string In(string name) => Path.Combine(_folder, name);

    private string Old(string name)
    {
        File.WriteAllText(In(name), "old");
        return In(name);
    }

    private string MakePipe(string name)
    {
        using Process made = Process.Start("mkfifo", [In(name)]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
        return In(name);
    }
}
