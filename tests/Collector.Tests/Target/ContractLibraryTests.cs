using Observatory.Contract;

namespace Observatory.Collector.Tests;

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
