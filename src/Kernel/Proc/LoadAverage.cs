using System.Globalization;

namespace Observatory.Kernel;

/// <summary>
/// How many tasks were running or waiting for a CPU, of all CPUs together: <c>/proc/loadavg</c>, whose first number is the average
/// over a minute. It says whether a machine was idle before something was measured on it.
/// </summary>
public static class LoadAverage
{
    private const string Path = "/proc/loadavg";

    /// <summary>Of the last minute; null where the kernel does not say.</summary>
    public static double? Read()
    {
        try
        {
            return Parse(File.ReadAllText(Path));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The first number of the text; null where there is no number.</summary>
    public static double? Parse(string text) =>
        double.TryParse(text.Split(' ')[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double load) ? load : null;
}
