using static TorchSharp.torch;

namespace Observatory.Workload.Torch;

/// <summary>A configuration with its input in memory. Disposing it gives the memory back.</summary>
internal interface ITensorOperation : IDisposable
{
    /// <summary>Computes once. The caller disposes the output.</summary>
    Tensor Forward();
}
