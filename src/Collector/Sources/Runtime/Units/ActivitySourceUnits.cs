using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>Activities of an ActivitySource as units of work: <c>activity:SOURCE</c>, or <c>activity:SOURCE!</c>.</summary>
/// <param name="Source">Name of the source.</param>
/// <param name="IsForced">Also where the program itself records none of them, so that they exist only because they are observed.</param>
internal sealed record ActivitySourceUnits(string Source, bool IsForced)
{
    /// <summary>What the option begins with.</summary>
    public const string Prefix = "activity:";

    private const char Force = '!';
    private const int LongestName = 200;

    /// <summary>True for an option that names a source of activities, and no events.</summary>
    public static bool IsMeant(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Reads all that were given.</summary>
    /// <exception cref="UsageException">One cannot be read, or there are too many.</exception>
    public static IReadOnlyList<ActivitySourceUnits> ParseAll(IReadOnlyList<string> texts) => texts.Count <= UnitEvents.Most
        ? [.. texts.Select(Parse).OrderByDescending(units => units.IsForced).DistinctBy(units => units.Source)]
        : throw new UsageException($"--unit activity:SOURCE was given {texts.Count} times; {UnitEvents.Most} at most.");

    /// <summary>Reads the option.</summary>
    /// <exception cref="UsageException">It cannot be read.</exception>
    public static ActivitySourceUnits Parse(string text)
    {
        bool isForced = text.EndsWith(Force);
        string source = text[Prefix.Length..(isForced ? text.Length - 1 : text.Length)];
        // What has a meaning in FilterAndPayloadSpecs cannot be in a name.
        return source.Length is > 0 and <= LongestName && source.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
            ? new ActivitySourceUnits(source, isForced)
            : throw new UsageException($"--unit '{SafeText.Name(text)}' is not activity:SOURCE. Write it like activity:Shop.Orders, with the name of an ActivitySource.");
    }
}

/// <summary>How the runtime is asked for activities: DiagnosticSourceEventSource.cs describes the language.</summary>
internal static class ActivityProvider
{
    /// <summary>Name of the provider. Numbers of its events differ between versions, names do not.</summary>
    public const string Name = "Microsoft-Diagnostics-DiagnosticSource";

    /// <summary>An activity began or ended.</summary>
    public const string Started = "ActivityStart";

    /// <inheritdoc cref="Started" />
    public const string Stopped = "ActivityStop";

    /// <summary>Written when a session with this provider is opened, whoever does so; before .NET 9 only messages are.</summary>
    public const string Version = "Version";

    /// <inheritdoc cref="Version" />
    public const string Message = "Message";

    /// <summary>Property of an activity that tells which start and stop belong together.</summary>
    public const string SpanId = "SpanId";

    /// <summary>Stands for IsAllDataRequested: the program itself records the activity. Our own request never makes it true.</summary>
    public const string IsOwn = "A";

    private const string Specs = "FilterAndPayloadSpecs";
    private const long Messages = 0x1;
    private const long Events = 0x2;

    // Without it further keywords would stand for further requests.
    private const long NoShortCuts = 0x800;

    /// <summary>What the session asks for that reads the events.</summary>
    public static EventPipeProvider Read(IEnumerable<ActivitySourceUnits> sources) =>
        new(Name, EventLevel.Informational, Messages | Events | NoShortCuts, Arguments(sources));

    /// <summary>What a session asks for that only puts the request in place of the one before, and gets no events.</summary>
    public static EventPipeProvider Replace(IEnumerable<ActivitySourceUnits> sources) =>
        new(Name, EventLevel.Critical, Events | NoShortCuts, Arguments(sources));

    /// <summary>
    /// Propagate: an activity exists and has an id, and no flag is set. Without any specification the runtime would forward every
    /// event of every DiagnosticSource, so where nothing is wanted a source is named that no one has.
    /// </summary>
    private static Dictionary<string, string> Arguments(IEnumerable<ActivitySourceUnits> sources) => new()
    {
        [Specs] = string.Join('\n', sources.Select(source => source.Source).DefaultIfEmpty("Observatory-None")
            .Select(source => $"[AS]{source}/-Propagate:-{SpanId};{IsOwn}=IsAllDataRequested")),
    };
}
