using System.Buffers;
using System.Text;

namespace Observatory.Collector;

/// <summary>
/// The name of a request when nothing better is known: its method, and its path without what differs from request to request.
/// Pure; harmless and short whatever a client sends.
/// </summary>
/// <remarks>
/// A part of a path becomes <c>{}</c> when it looks like a value: a number, a GUID, hexadecimal digits, a token (long, or with
/// many digits, or upper and lower case and digits mixed), or when it contains anything but plain characters. Of a name with dots,
/// as that of a gRPC service (<c>shop.v1.OrderService</c>), each word is judged for itself.
/// </remarks>
internal static class UnitPath
{
    /// <summary>Stands for a value.</summary>
    public const string Value = "{}";

    /// <summary>Characters of a name at most.</summary>
    public const int LongestName = 120;

    private const string OtherMethod = "_OTHER";
    private const string Deeper = "/**";
    private const int MostParts = 10;
    private const int LongestPart = 80;
    private const int LongestWord = 32;
    private const int LeastHex = 8;
    private const int LeastToken = 12;
    private const int MostDigits = 3;

    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE", "QUERY"];

    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~@:$+!,=");

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF-");

    /// <summary>The name of a request.</summary>
    /// <param name="method">Its method, as the client sent it.</param>
    /// <param name="path">Its path, as the client sent it; a query is cut off.</param>
    public static string NameOf(ReadOnlySpan<char> method, ReadOnlySpan<char> path)
    {
        var name = new StringBuilder(MethodOf(method));
        name.Append(' ');
        int query = path.IndexOfAny('?', '#');
        if (query >= 0) path = path[..query];
        if (path is "*") return name.Append('*').ToString();
        int parts = 0;
        foreach (Range range in path.Split('/'))
        {
            ReadOnlySpan<char> part = path[range];
            if (part.IsEmpty) continue;
            ReadOnlySpan<char> shown = IsValue(part) ? Value : part;
            // Room for the mark that says there is more.
            if (parts++ >= MostParts || name.Length + shown.Length + 1 > LongestName - Deeper.Length) return name.Append(Deeper).ToString();
            name.Append('/').Append(shown);
        }

        return (parts == 0 ? name.Append('/') : name).ToString();
    }

    /// <summary>The method, where it is one of those that HTTP knows: others are the client's invention.</summary>
    public static string MethodOf(ReadOnlySpan<char> method)
    {
        foreach (string known in Methods)
        {
            if (method.SequenceEqual(known)) return known;
        }

        return OtherMethod;
    }

    private static bool IsValue(ReadOnlySpan<char> part)
    {
        if (part.Length > LongestPart || part.ContainsAnyExcept(Plain)) return true;
        Letters all = Letters.Of(part);
        if (all.Digits > MostDigits || (all.Digits > 0 && all.Upper + all.Lower == 0)) return true;
        foreach (Range range in part.Split('.'))
        {
            ReadOnlySpan<char> word = part[range];
            Letters letters = Letters.Of(word);
            if (word.Length > LongestWord) return true;
            if (letters.Digits > 0 && word.Length >= LeastHex && !word.ContainsAnyExcept(Hex)) return true;
            if (letters is { Digits: > 0, Upper: > 0, Lower: > 0 } && word.Length >= LeastToken) return true;
        }

        return false;
    }

    private readonly record struct Letters(int Digits, int Upper, int Lower)
    {
        public static Letters Of(ReadOnlySpan<char> text)
        {
            int digits = 0, upper = 0, lower = 0;
            foreach (char character in text)
            {
                if (char.IsAsciiDigit(character)) digits++;
                else if (char.IsAsciiLetterUpper(character)) upper++;
                else if (char.IsAsciiLetterLower(character)) lower++;
            }

            return new Letters(digits, upper, lower);
        }
    }
}
