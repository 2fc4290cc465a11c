using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace Observatory.EndToEnd.Tests;

/// <summary>A Release build needs no compiler to start: its own assemblies and those that it brings hold machine code.</summary>
public sealed class CompiledAheadTests
{
    [Theory]
    [InlineData("Observatory.Collector")]
    [InlineData("Observatory.Timeline")]
    [InlineData("Microsoft.Diagnostics.Tracing.TraceEvent")]
    public void A_release_build_of_the_collector_holds_machine_code(string assembly)
    {
        Assert.SkipUnless(
            Built.Configuration == "release" && RuntimeInformation.OSArchitecture == Architecture.X64,
            "Only a Release build on x64 is compiled ahead.");
        using FileStream file = File.OpenRead(Path.Combine(Path.GetDirectoryName(Built.Collector)!, assembly + ".dll"));
        using var image = new PEReader(file);
        Assert.True(image.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0, $"{assembly} has to be compiled when it runs.");
    }
}
