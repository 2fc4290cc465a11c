using TorchSharp;

namespace Observatory.Workload;

/// <summary>
/// Settings of libtorch, some of which hold for the calling thread only: use it on the driving thread.
/// </summary>
internal static class TorchSession
{
    /// <summary>For example <c>2.10.0</c>.</summary>
    public static string Version =>
        System.Version.TryParse(torch.__version__, out Version? version) ? version.ToString(3) : torch.__version__;

    /// <summary>Sets the threads of an operation, and ends the recording of gradients until disposed.</summary>
    public static IDisposable Begin(int threads)
    {
        torch.set_num_threads(threads);
        return torch.inference_mode();
    }
}
