namespace Observatory.Kernel.Tests;

public sealed class WakingTracepointTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("tracefs").FullName;

    [Fact]
    public void The_id_and_the_field_come_from_the_given_root()
    {
        Write("id", "412\n");
        Write("format", "\tfield:pid_t pid;\toffset:40;\tsize:4;\tsigned:1;\n");
        Assert.Equal(new WakingTracepoint(412, 40, _root), WakingTracepoint.Find(_root));
    }

    [Fact]
    public void Without_a_format_the_field_is_where_it_has_always_been()
    {
        Write("id", "412\n");
        Assert.Equal(24, WakingTracepoint.Find(_root).WokenIdOffset);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("twelve")]
    public void Without_an_id_the_refusal_says_what_to_do(string? text)
    {
        if (text is not null) Write("id", text);
        KernelAccessException refusal = Assert.Throws<KernelAccessException>(() => WakingTracepoint.Find(_root));
        Assert.Equal(KernelAccessFailure.NoTracepointId, refusal.Kind);
        Assert.Contains(_root, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("mount", refusal.Remedy, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Write(string name, string text)
    {
        string directory = Path.Combine(_root, "events/sched/sched_waking");
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, name), text);
    }
}
