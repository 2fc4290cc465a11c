using System.Globalization;
using System.Text.RegularExpressions;

namespace Observatory.EndToEnd.Tests;

/// <summary>What a process shows on /metrics.</summary>
internal sealed partial class Exposition
{
    private readonly ILookup<string, Sample> _series;

    private Exposition(string text) => _series = text.Split('\n')
        .Select(line => Line().Match(line))
        .Where(match => match.Success)
        .ToLookup(match => match.Groups["name"].Value, ToSample);

    /// <summary>Names of all series.</summary>
    public IEnumerable<string> Names => _series.Select(series => series.Key);

    public static async Task<Exposition> ReadAsync(Uri address) => new(await Web.GetAsync(address));

    /// <summary>Series of a name with these labels at least, written as <c>name=value,name=value</c>.</summary>
    public IReadOnlyList<Sample> Of(string name, string labels = "") =>
        [.. _series[name].Where(sample => Pairs(labels).All(pair => sample[pair[0]] == pair[1]))];

    /// <summary>Their sum; null when there are none.</summary>
    public double? Sum(string name, string labels = "") => Of(name, labels) is { Count: > 0 } found ? found.Sum(sample => sample.Value) : null;

    private static IEnumerable<string[]> Pairs(string labels) =>
        labels.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('='));

    private static Sample ToSample(Match line) => new(
        Label().Matches(line.Groups["labels"].Value).ToDictionary(label => label.Groups["name"].Value, label => label.Groups["value"].Value),
        double.Parse(line.Groups["value"].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex("""^(?<name>[a-z_]+)(\{(?<labels>.*)\})? (?<value>\S+)""")]
    private static partial Regex Line();

    [GeneratedRegex("""(?<name>\w+)="(?<value>[^"]*)"(,|$)""")]
    private static partial Regex Label();
}
