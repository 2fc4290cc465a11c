using Microsoft.Extensions.Logging.Console;

namespace Observatory.Workload;

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
