using System.Diagnostics;
using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Observatory.WebTarget;

/// <summary>Spans as a program with OpenTelemetry exports them, into a file: one line each, of what does not depend on the run.</summary>
internal sealed class Spans(string path) : BaseExporter<Activity>
{
    // Of ids only those that came from outside are the same in another run; here they begin so.
    private const string FromOutside = "00000000";
    private static readonly string[] OfRun = ["server.port", "url.full"];

    private readonly StreamWriter _file = new(path) { AutoFlush = true };

    /// <summary>Exports what the web server and its client trace, as far as the caller or a coin of the trace id says so.</summary>
    /// <param name="path">The file.</param>
    /// <param name="withOwn">Also what the program itself traces.</param>
    public static TracerProvider Export(string path, bool withOwn) => Sdk.CreateTracerProviderBuilder()
        .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(0.5)))
        .AddSource("Microsoft.AspNetCore", "System.Net.Http")
        .AddSource(withOwn ? [Endpoints.Source] : [])
        .AddProcessor(new SimpleActivityExportProcessor(new Spans(path)))
        .Build();

    public override ExportResult Export(in Batch<Activity> batch)
    {
        foreach (Activity span in batch)
        {
            string tags = string.Join(' ', span.TagObjects.Where(tag => !OfRun.Contains(tag.Key)).OrderBy(tag => tag.Key, StringComparer.Ordinal)
                .Select(tag => string.Create(CultureInfo.InvariantCulture, $"{tag.Key}={tag.Value}")));
            string caller = span.ParentSpanId.ToHexString();
            string parent = caller.StartsWith(FromOutside, StringComparison.Ordinal) ? caller : "own";
            lock (_file)
            {
                _file.WriteLine($"{span.TraceId} {parent} {span.Source.Name} {span.OperationName} {span.Kind} {span.ActivityTraceFlags} " +
                    $"{span.IsAllDataRequested} {span.Status} {span.TraceStateString} {span.Baggage.Count()} {span.Events.Count()} {span.Links.Count()} {tags}");
            }
        }

        return ExportResult.Success;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _file.Dispose();
        base.Dispose(disposing);
    }
}
