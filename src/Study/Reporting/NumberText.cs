using System.Globalization;

namespace Observatory.Study;

/// <summary>Numbers as people read them: three digits that count, and a unit that fits.</summary>
internal static class NumberText
{
    /// <summary>What stands where nothing was measured, or too little to tell.</summary>
    public const string None = "n/a";

    public static string Seconds(double? value) => value is not { } seconds ? None : seconds switch
    {
        >= 1 => $"{Digits(seconds)} s",
        >= 1e-3 => $"{Digits(seconds * 1e3)} ms",
        >= 1e-6 => $"{Digits(seconds * 1e6)} us",
        _ => $"{Digits(seconds * 1e9)} ns",
    };

    public static string Bytes(double? value) => value is not { } bytes ? None : bytes switch
    {
        >= 1L << 30 => $"{Digits(bytes / (1L << 30))} GiB",
        >= 1L << 20 => $"{Digits(bytes / (1L << 20))} MiB",
        >= 1L << 10 => $"{Digits(bytes / (1L << 10))} KiB",
        _ => $"{Digits(bytes)} B",
    };

    /// <summary>Counts and rates: 1.2 k, 3.4 M, 5.6 G.</summary>
    public static string Count(double? value) => value is not { } count ? None : count switch
    {
        >= 1e12 => $"{Digits(count / 1e12)} T",
        >= 1e9 => $"{Digits(count / 1e9)} G",
        >= 1e6 => $"{Digits(count / 1e6)} M",
        >= 1e4 => $"{Digits(count / 1e3)} k",
        _ => Digits(count),
    };

    public static string Percent(double? share) => share is not { } value
        ? None
        : string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.0} %");

    public static string Ratio(double? value) => value is not { } ratio
        ? None
        : ratio.ToString(Math.Abs(ratio) >= 100 ? "0" : "0.000", CultureInfo.InvariantCulture);

    public static string Plain(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    public static string Exponent(Exponent exponent) =>
        $"{Plain(exponent.Value)} ({Plain(exponent.Interval.Low)} to {Plain(exponent.Interval.High)})";

    /// <summary>For example <c>1 curve</c>, <c>2 curves</c>.</summary>
    public static string Plural(int count, string one, string? many = null) =>
        count == 1 ? $"1 {one}" : $"{Whole(count)} {many ?? one + "s"}";

    /// <summary>Least to most, or the one value where both read the same.</summary>
    /// <param name="values">At least one.</param>
    /// <param name="text">How a value is written.</param>
    public static string Range<T>(IReadOnlyCollection<T> values, Func<T, string> text)
    {
        string least = text(values.Min()!), most = text(values.Max()!);
        return least == most ? least : $"{least} to {most}";
    }

    public static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Seconds(Interval? interval) => interval is not { } known
        ? None
        : $"{Seconds(known.Low)} to {Seconds(known.High)}";

    /// <summary>Three significant digits however small the value is, without an exponent; above zero.</summary>
    public static string Significant(double value) => value.ToString(
        $"F{Math.Clamp(2 - (int)Math.Floor(Math.Log10(value)), 0, 15)}", CultureInfo.InvariantCulture);

    /// <summary>Three significant digits of values that are not tiny, without an exponent.</summary>
    public static string Digits(double value) => value.ToString(
        Math.Abs(value) switch
        {
            >= 99.95 or 0 => "0",
            >= 9.995 => "0.0",
            >= 0.9995 => "0.00",
            >= 0.09995 => "0.000",
            _ => "0.0000",
        },
        CultureInfo.InvariantCulture);

    /// <summary>
    /// Text of a results file without control characters: an escape sequence must not reach a terminal, nor a line break a
    /// table.
    /// </summary>
    public static string Harmless(string text) => string.Concat(text.Select(letter =>
        char.IsControl(letter) || char.GetUnicodeCategory(letter) is UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator ? '\u00B7' : letter));
}
