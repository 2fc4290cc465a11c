namespace Observatory.Collector.Tests;

public sealed class NettraceFileTests
{
    [Fact]
    public void Every_byte_that_is_read_is_written()
    {
        string path = Path.GetTempFileName();
        try
        {
            byte[] bytes = new byte[1_000_000];
            new Random(1).NextBytes(bytes);
            using (var file = new NettraceFile(path, _ => { }))
            {
                using var stream = new RecordedStream(new MemoryStream(bytes), file);
                byte[] read = new byte[bytes.Length];
                stream.ReadExactly(read);
                Assert.Equal(bytes, read);
            }

            Assert.Equal(bytes, File.ReadAllBytes(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_full_disk_is_told_once_and_keeps_nobody_waiting()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Needs /dev/full.");
        List<string> log = [];
        var file = new NettraceFile("/dev/full", log.Add);
        for (int i = 0; i < 1000; i++) file.Add(new byte[1000]);
        file.Dispose();
        Assert.False(file.IsComplete);
        Assert.Equal(0, file.Written);
        Assert.Contains("the observation goes on", Assert.Single(log), StringComparison.Ordinal);
    }
}
