using Observatory.Hosting;

namespace Observatory.Workload.Tests;

public sealed class TorchLibrariesTests
{
    [Theory]
    [InlineData("libc10.so")]
    [InlineData("runtimes/linux-x64/native/libc10.so")]
    public void A_library_is_found_in_either_layout(string path)
    {
        using TemporaryFolder folder = new TemporaryFolder().With(path, "");

        Assert.Equal(Path.Combine(folder.Path, path), new TorchLibraries(folder.Path).Find("libc10.so"));
    }

    [Fact]
    public void One_that_is_nowhere_is_a_matter_for_the_user()
    {
        using var folder = new TemporaryFolder();

        Assert.Throws<UsageException>(() => new TorchLibraries(folder.Path).Find("libc10.so"));
    }
}
