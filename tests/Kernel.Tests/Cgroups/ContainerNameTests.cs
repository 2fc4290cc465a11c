namespace Observatory.Kernel.Tests;

public sealed class ContainerNameTests
{
    private const string Id = "3f2a9c1b2d4e5f60718293a4b5c6d7e8f90123456789abcdef0123456789abcd";

    [Theory]
    [InlineData($"0::/system.slice/docker-{Id}.scope", "container 3f2a9c1b2d4e")]
    [InlineData($"4:cpu,cpuacct:/docker/{Id}\n0::/", "container 3f2a9c1b2d4e")]
    [InlineData($"0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podabc.slice/cri-containerd-{Id}.scope", "container 3f2a9c1b2d4e")]
    [InlineData($"0::/machine.slice/libpod-{Id}.scope/container", "container 3f2a9c1b2d4e")]
    [InlineData("0::/system.slice/cron.service", "cron.service")]
    [InlineData("0::/user.slice/user-1000.slice/session-2.scope", "")]
    [InlineData("0::/", "")]
    [InlineData("", "")]
    [InlineData("not a line of it\n:::", "")]
    public void It_is_told_by_the_path_of_the_control_group(string text, string expected) => Assert.Equal(expected, ContainerName.Parse(text));
}
