using System.Globalization;
using System.Text.RegularExpressions;

namespace Observatory.EndToEnd.Tests;

/// <summary>Which Prometheus this machine has; some switches have changed their names.</summary>
internal sealed partial record PrometheusVersion(int Major, int Minor)
{
    /// <summary>How an agent is asked for.</summary>
    public string[] Agent => Major == 2 ? ["--enable-feature=agent,expand-external-labels"] : ["--agent"];

    /// <summary>How variables in external labels are asked for; Prometheus 3 always looks for them.</summary>
    public string[] ExternalLabels => Major == 2 ? ["--enable-feature=expand-external-labels"] : [];

    /// <summary>How a receiver of OTLP is asked for; null where there is none.</summary>
    public string? OtlpReceiver => (Major, Minor) switch
    {
        (2, < 47) => null,
        (2, _) => "--enable-feature=otlp-write-receiver",
        _ => "--web.enable-otlp-receiver",
    };

    public static async Task<PrometheusVersion> ReadAsync()
    {
        FinishedProcess asked = await RunningProcess.RunAsync("prometheus", ["--version"]);
        Match version = Version().Match(asked.Output + asked.Error);
        return new PrometheusVersion(Number(version, 1), Number(version, 2));
    }

    private static int Number(Match version, int group) =>
        int.Parse(version.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"version (\d+)\.(\d+)")]
    private static partial Regex Version();
}
