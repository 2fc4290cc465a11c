using System.Globalization;

namespace Observatory.Hosting;

/// <summary>Lengths of time as people write them: a number and a unit, or hours:minutes:seconds.</summary>
public static class DurationText
{
    // Milliseconds come before seconds: both end in "s".
    private static readonly (string Suffix, double Milliseconds)[] Units =
        [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

    /// <summary>The time; null when the text is not one. A bare number has no unit, so it is not one.</summary>
    public static TimeSpan? Parse(string text)
    {
        text = text.Trim();
        foreach ((string suffix, double milliseconds) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal)) return Scaled(text[..^suffix.Length], milliseconds);
        }

        return text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan value)
            ? value
            : null;
    }

    private static TimeSpan? Scaled(string number, double milliseconds)
    {
        const NumberStyles style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (!double.TryParse(number, style, CultureInfo.InvariantCulture, out double value)) return null;
        double total = value * milliseconds;
        return Math.Abs(total) < TimeSpan.MaxValue.TotalMilliseconds ? TimeSpan.FromMilliseconds(total) : null;
    }
}
