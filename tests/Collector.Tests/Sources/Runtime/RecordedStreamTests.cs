using Observatory.Hosting;

namespace Observatory.Collector.Tests;

public sealed class RecordedStreamTests
{
    [Fact]
    public void Every_byte_that_is_read_is_written()
    {
        string path = Path.GetTempFileName();
        try
        {
            byte[] bytes = new byte[1_000_000];
            new Random(1).NextBytes(bytes);
            using (var file = new BackgroundOutput("nettrace", OutputFile.Create("--nettrace", path), 64_000_000, WhenFull.End, _ => { }))
            {
                file.Start();
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
}
