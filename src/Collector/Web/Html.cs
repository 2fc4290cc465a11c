using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace Observatory.Collector;

/// <summary>
/// Text of a page under construction. What stands in braces is encoded, whatever it is and wherever it comes from; only
/// the literals of this program are markup.
/// </summary>
internal sealed class Html
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds markup with values in it.</summary>
    public Html Add([InterpolatedStringHandlerArgument("")] ref Markup markup)
    {
        _ = markup;
        return this;
    }

    public override string ToString() => _text.ToString();

    /// <summary>Receives the pieces of an interpolated literal; called by the compiler's code.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Markup
    {
        private readonly StringBuilder _text;

        public Markup(int literals, int holes, Html page)
        {
            _ = (literals, holes);
            _text = page._text;
        }

        public void AppendLiteral(string markup) => _text.Append(markup);

        public void AppendFormatted(string? value) => _text.Append(HtmlEncoder.Default.Encode(value ?? ""));

        public void AppendFormatted(long value) => _text.Append(CultureInfo.InvariantCulture, $"{value}");

        public void AppendFormatted(double value, string format = "0.##") =>
            _text.Append(value.ToString(format, CultureInfo.InvariantCulture));
    }
}

/// <summary>Lengths of time, sizes and counts, for people.</summary>
internal static class ForPeople
{
    public static string Time(double seconds) => seconds switch
    {
        >= 100 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        >= 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s"),
        >= 0.001 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0.00} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:0.0} µs"),
    };

    public static string Count(long things) => things.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Things with their name: <c>1 unit</c>, <c>2 units</c>.</summary>
    public static string Count(long things, string name) => $"{Count(things)} {name}{(things == 1 ? "" : "s")}";

    public static string Bytes(double bytes) => bytes switch
    {
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} kB"),
    };
}
