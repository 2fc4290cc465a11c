using Observatory.Tests.Shared;
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

public sealed class BindingCopiesTests
{
    private static readonly byte[] Content = [1, 2, 3];

    [Fact]
    public void A_copy_is_stored_once_under_a_name_that_follows_from_its_content()
    {
        using var folder = new TemporaryFolder();

        string first = BindingCopies.Store(folder.Path, Content);
        DateTime written = File.GetLastWriteTimeUtc(first);

        Assert.Equal(first, BindingCopies.Store(folder.Path, [.. Content]));
        Assert.Equal(written, File.GetLastWriteTimeUtc(first));
        Assert.NotEqual(first, BindingCopies.Store(folder.Path, [1, 2, 4]));
        Assert.Equal(Content, File.ReadAllBytes(first));
    }

    [Fact]
    public void A_copy_with_other_bytes_is_replaced()
    {
        using var folder = new TemporaryFolder();
        string path = BindingCopies.Store(folder.Path, Content);
        File.WriteAllBytes(path, [1, 2]);

        Assert.Equal(path, BindingCopies.Store(folder.Path, Content));
        Assert.Equal(Content, File.ReadAllBytes(path));
    }

    [Fact]
    public void Many_at_once_leave_one_whole_file()
    {
        using var folder = new TemporaryFolder();
        byte[] large = new byte[1 << 20];

        Parallel.For(0, 16, _ => Assert.Equal(
            large.Length, File.ReadAllBytes(BindingCopies.Store(folder.Path, large)).Length));

        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void The_users_cache_comes_before_the_home_folder()
    {
        var environment = new Dictionary<string, string?> { ["XDG_CACHE_HOME"] = "/cache", ["HOME"] = "/home/me" };

        Assert.Equal(
            ["/cache/observatory", "/home/me/.cache/observatory"],
            BindingCopies.Folders(name => environment.GetValueOrDefault(name)));
        Assert.Empty(BindingCopies.Folders(_ => null));
    }
}
