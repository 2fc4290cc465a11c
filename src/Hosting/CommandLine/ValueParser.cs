using System.Globalization;
using System.Net;

namespace Observatory.Hosting;

/// <summary>Reads a value from text.</summary>
/// <param name="text">As it was written, without white space around it.</param>
/// <param name="value">What it says.</param>
public delegate bool TryParse<T>(string text, out T value);

/// <summary>
/// Reads one kind of value, and refuses everything else in one pattern: what is wrong, what is allowed. An option is
/// declared with its parser, so the command line, the environment and a file are read alike in both programs.
/// </summary>
/// <param name="Allowed">Completes the sentence "give ...".</param>
/// <param name="TryParse">Reads a value; it does not have to name itself when it refuses.</param>
public sealed record ValueParser<T>(string Allowed, TryParse<T> TryParse)
{
    /// <summary>The value.</summary>
    /// <param name="name">Where it was written: <c>--port</c>, <c>WORKLOAD_PORT</c>.</param>
    /// <param name="text">What was written there.</param>
    /// <exception cref="UsageException">It is not such a value.</exception>
    public T Parse(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text.Trim(), out T value) ? value : throw new UsageException($"{name} is '{text}'; give {Allowed}.");
    }
}

/// <summary>The kinds of values that options have.</summary>
public static class Values
{
    /// <summary>The longest time a timer takes.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(49);

    /// <summary>A time above zero that a timer can wait for.</summary>
    public static readonly ValueParser<TimeSpan> Duration = new(
        "a time such as 500ms, 60s, 5m, 2h or 00:01:00, above zero and of 49 days at most",
        (text, out value) => (value = DurationText.Parse(text) ?? TimeSpan.Zero) > TimeSpan.Zero && value <= LongestTimer);

    /// <summary>An address to listen on.</summary>
    public static readonly ValueParser<IPAddress> Address = new("an IP address, localhost or *", (text, out value) =>
    {
        value = text switch
        {
            "*" => IPAddress.Any,
            "localhost" => IPAddress.Loopback,
            _ => IPAddress.TryParse(text, out IPAddress? address) ? address : IPAddress.None,
        };
        return value != IPAddress.None;
    });

    /// <summary>A port to listen on; 0 is any free one.</summary>
    public static readonly ValueParser<int> Port = WholeNumber(IPEndPoint.MinPort, IPEndPoint.MaxPort);

    /// <summary>Something that is or is not so.</summary>
    public static readonly ValueParser<bool> Flag = new("true or false", (text, out value) =>
    {
        value = text is "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase);
        return value || text is "0" || text.Equals("false", StringComparison.OrdinalIgnoreCase);
    });

    /// <summary>A percentage, read as a share.</summary>
    public static readonly ValueParser<double> Percent = new(
        "a percentage above 0 and up to 100, such as 5 or 2.5%",
        (text, out value) => TryDecimal(text.TrimEnd('%'), out value) && (value /= 100) is > 0 and <= 1);

    /// <summary>An amount above zero.</summary>
    public static readonly ValueParser<double> Amount = new(
        "a number above 0, such as 0.5", (text, out value) => TryDecimal(text, out value) && value > 0);

    /// <summary>Different whole numbers above zero.</summary>
    public static readonly ValueParser<IReadOnlyList<int>> Sizes = ListOf(
        WholeNumber(1), "different sizes above zero with commas between them, such as 8,16,32");

    /// <summary>The path of a file.</summary>
    public static readonly ValueParser<string> File = new("a file", (text, out value) => (value = text).Length > 0);

    /// <summary>A whole number within bounds, both included.</summary>
    public static ValueParser<int> WholeNumber(int least, int most = int.MaxValue) => new(
        most == int.MaxValue ? $"a whole number of at least {least}" : $"a whole number from {least} to {most}",
        (text, out value) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && value >= least && value <= most);

    /// <summary>One of some names, in upper or lower case.</summary>
    public static ValueParser<T> OneOf<T>(params (string Name, T Value)[] choices) => new(
        $"{string.Join(", ", choices[..^1].Select(choice => choice.Name))} or {choices[^1].Name}",
        (text, out value) =>
        {
            (string Name, T Value)? found = choices.Cast<(string Name, T Value)?>().FirstOrDefault(
                choice => choice!.Value.Name.Equals(text, StringComparison.OrdinalIgnoreCase));
            value = found is { } choice ? choice.Value : default!;
            return found is not null;
        });

    /// <summary>Values with commas between them, each different from the others.</summary>
    /// <param name="item">Reads each.</param>
    /// <param name="allowed">Describes the list; null: the items, or several of them.</param>
    public static ValueParser<IReadOnlyList<T>> ListOf<T>(ValueParser<T> item, string? allowed = null)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new(
            allowed ?? $"{item.Allowed}, or several of them with commas between them",
            (text, out list) =>
            {
                List<T> values = [];
                list = values;
                foreach (string part in text.Split(','))
                {
                    if (!item.TryParse(part.Trim(), out T value) || values.Contains(value)) return false;
                    values.Add(value);
                }

                return true;
            });
    }

    private static bool TryDecimal(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
        && double.IsFinite(value);
}
