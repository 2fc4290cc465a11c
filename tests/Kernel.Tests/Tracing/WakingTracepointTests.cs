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

public sealed class TracepointFormatTests
{
    private const string SchedWaking = """
        name: sched_waking
        ID: 375
        format:
        	field:unsigned short common_type;	offset:0;	size:2;	signed:0;
        	field:unsigned char common_flags;	offset:2;	size:1;	signed:0;
        	field:unsigned char common_preempt_count;	offset:3;	size:1;	signed:0;
        	field:int common_pid;	offset:4;	size:4;	signed:1;

        	field:char comm[16];	offset:8;	size:16;	signed:0;
        	field:pid_t pid;	offset:24;	size:4;	signed:1;
        	field:int prio;	offset:28;	size:4;	signed:1;
        	field:int target_cpu;	offset:32;	size:4;	signed:1;

        print fmt: "comm=%s pid=%d prio=%d target_cpu=%03d", REC->comm, REC->pid, REC->prio, REC->target_cpu
        """;

    [Theory]
    [InlineData("common_pid", 4)]
    [InlineData("comm", 8)]
    [InlineData("pid", 24)]
    [InlineData("target_cpu", 32)]
    public void A_field_is_found_by_its_whole_name(string field, int offset) =>
        Assert.Equal(offset, TracepointFormat.FindOffset(SchedWaking, field));

    [Theory]
    [InlineData("tid")]
    [InlineData("")]
    [InlineData("id")]
    public void A_field_that_is_not_there_is_not_found(string field) =>
        Assert.Null(TracepointFormat.FindOffset(SchedWaking, field));

    [Theory]
    [InlineData("")]
    [InlineData("field:pid_t pid;")]
    [InlineData("field:pid_t pid;\toffset:;\tsize:4;")]
    [InlineData("field:pid_t pid;\tsize:4;\toffset:24;")]
    public void Damaged_text_has_no_field(string text) => Assert.Null(TracepointFormat.FindOffset(text, "pid"));
}
