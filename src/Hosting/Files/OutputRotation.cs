using System.Globalization;

namespace Observatory.Hosting;

/// <summary>When a file of records is set aside and the next one begun, and how many that were set aside are kept.</summary>
/// <param name="Bytes">A file is set aside before it grows beyond this; only what waited to be written at once may.</param>
/// <param name="Age">A file is set aside this long after its first record, with the next one that comes; null for never.</param>
/// <param name="Kept">Files besides the one that is written.</param>
public sealed record OutputRotation(long Bytes, TimeSpan? Age, int Kept)
{
    private const int UsuallyKept = 4;
    private const int MostKept = 1000;

    /// <summary>Reads <c>256MB</c>, <c>1GB,1h</c> and <c>64MB,10m,8</c>: size, age, files kept.</summary>
    public static ValueParser<OutputRotation> Parser { get; } = new(
        "a size from 1MB, and after commas an age and how many files to keep, up to 1000: 256MB or 1GB,1h or 64MB,10m,8",
        (text, out value) => (value = TryParse(text)!) is not null);

    /// <summary>Whether a file is full or old enough before the next records are written.</summary>
    internal bool IsDue(long size, long next, TimeSpan age) => size > 0 && (size + next > Bytes || age >= Age);

    private static OutputRotation? TryParse(string text)
    {
        string[] parts = text.Split(',');
        TimeSpan? age = parts.Length > 1 ? DurationText.Parse(parts[1]) : null;
        int kept = UsuallyKept;
        if (parts.Length > 3 || (parts.Length > 1 && !(age > TimeSpan.Zero))) return null;
        if (parts.Length > 2 && !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out kept)) return null;
        return Size(parts[0]) is { } bytes && kept is >= 1 and <= MostKept ? new OutputRotation(bytes, age, kept) : null;
    }

    private static long? Size(string text)
    {
        long unit = text.Length < 3 ? 0 : text[^2..].ToUpperInvariant() switch { "MB" => 1_000_000, "GB" => 1_000_000_000, _ => 0 };
        bool isNumber = int.TryParse(unit == 0 ? "" : text[..^2], NumberStyles.None, CultureInfo.InvariantCulture, out int count);
        return isNumber && count > 0 ? count * unit : null;
    }
}
