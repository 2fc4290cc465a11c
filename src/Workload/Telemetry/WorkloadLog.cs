using Microsoft.Extensions.Logging.Console;

namespace Observatory.Workload;

/// <summary>Every log message of the process. Ids are not reused.</summary>
internal static partial class WorkloadLog
{
    [LoggerMessage(1, LogLevel.Information, "Metrics at {Address}.")]
    public static partial void MetricsServed(ILogger logger, Uri address);

    [LoggerMessage(2, LogLevel.Information, "Intra-op threads: {Threads} ({Reason}).")]
    public static partial void ThreadsChosen(ILogger logger, string threads, string reason);

    [LoggerMessage(3, LogLevel.Information,
        "This host's libstdc++ lacks {Version}; loaded a copy of TorchSharp's library that does without: {Place}.")]
    public static partial void BindingPatched(ILogger logger, string version, string place);

    [LoggerMessage(4, LogLevel.Information, "Sweeping {Count} configurations with libtorch {Torch}.")]
    public static partial void SweepStarted(ILogger logger, string torch, int count);

    [LoggerMessage(5, LogLevel.Information, "Pass {Pass} done, {Iterations} iterations so far{Left}.")]
    public static partial void PassDone(ILogger logger, long pass, long iterations, string left);

    [LoggerMessage(6, LogLevel.Information, "Stopping: {Cause}.")]
    public static partial void StopRequested(ILogger logger, string cause);

    [LoggerMessage(7, LogLevel.Warning, "{Point} is left out: it {Reason}.")]
    public static partial void LeftOut(ILogger logger, StudyPoint point, string reason);

    [LoggerMessage(8, LogLevel.Information,
        "Limits{Of}: matrix product {Gemm} and multiply-adds {Fma} GFLOP/s, memory {Bandwidth} GB/s.")]
    public static partial void LimitsMeasured(ILogger logger, string of, string gemm, string fma, string bandwidth);

    [LoggerMessage(10, LogLevel.Warning, "{Problem}.")]
    public static partial void TooManyThreads(ILogger logger, string problem);

    [LoggerMessage(11, LogLevel.Warning, "{Problem} The sweep goes on and tries again after the next pass.")]
    public static partial void ResultsNotWritten(ILogger logger, string problem);

    [LoggerMessage(12, LogLevel.Warning,
        "{File} holds {Others} samples of another run and stays as it is; the {Samples} of this one are in {Beside}.")]
    public static partial void ResultsBeside(ILogger logger, string file, long others, long samples, string beside);

    [LoggerMessage(13, LogLevel.Warning, "Stopped before the first sample: {File} is not written.")]
    public static partial void NoResults(ILogger logger, string file);

    [LoggerMessage(14, LogLevel.Information, "Going on after pass {Passes} with {Samples} samples.")]
    public static partial void Resumed(ILogger logger, long passes, long samples);

    [LoggerMessage(9, LogLevel.Warning, "{Problem}")]
    public static partial void PushFailed(ILogger logger, string problem);
}

/// <summary>Logs on standard error, one line each: standard output belongs to the results.</summary>
internal static class StandardErrorLog
{
    public static ILoggerFactory Create(bool quiet) => LoggerFactory.Create(builder => builder
        .SetMinimumLevel(quiet ? LogLevel.Warning : LogLevel.Information)
        .AddSimpleConsole(format =>
        {
            format.SingleLine = true;
            format.ColorBehavior = LoggerColorBehavior.Disabled;
        })
        .Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
}
