using Observatory.Hosting;

namespace Observatory.Workload;

/// <summary>
/// Finds the native libraries: beside the program, or in the folder of a build for several platforms.
/// </summary>
internal sealed class TorchLibraries(string baseDirectory)
{
    /// <summary>The one that fails on hosts with an old libstdc++.</summary>
    public const string Binding = "libLibTorchSharp.so";

    /// <summary>What the binding needs, each after what it needs itself.</summary>
    public static readonly IReadOnlyList<string> Dependencies = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    /// <summary>The library's full path.</summary>
    /// <exception cref="UsageException">It is in neither place.</exception>
    public string Find(string name)
    {
        string[] places =
        [
            Path.Combine(baseDirectory, name),
            Path.Combine(baseDirectory, "runtimes", "linux-x64", "native", name),
        ];
        return places.FirstOrDefault(File.Exists) ?? throw new UsageException(
            $"{name} is not in {baseDirectory}; libtorch exists for linux-x64 only: build and run the workload there.");
    }
}
