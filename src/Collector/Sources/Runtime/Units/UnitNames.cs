using System.Text.RegularExpressions;
using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>
/// The names of requests: at most so many whatever clients send, because each has series, a row and a histogram of its own.
/// The first ones that come have a place at once, the others when they come often; what has none is <see cref="Other"/>.
/// </summary>
/// <remarks>
/// Written by one thread; <see cref="NameOf"/> and <see cref="Count"/> for any.
/// </remarks>
/// <param name="rules">What the user calls them; the first that matches wins.</param>
/// <param name="most">Names at most, <see cref="Other"/> included.</param>
internal sealed class UnitNames(IReadOnlyList<UnitNameRule> rules, int most = UnitNames.Most)
{
    /// <summary>Names at most.</summary>
    public const int Most = 200;

    /// <summary>Stands for everything that has no place.</summary>
    public const string Other = "other";

    /// <summary>Index of <see cref="Other"/>.</summary>
    public const int OtherIndex = 0;

    private const int MostRemembered = 8_192;

    private readonly string[] _names = [Other, .. new string[most - 1]];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _remembered = new(StringComparer.Ordinal);
    private readonly FrequentItems<string> _frequent = new();
    private readonly char[] _raw = new char[RequestPayload.LongestPath + UnitPath.LongestName];
    private volatile int _count = 1;

    /// <summary>Names in use, <see cref="Other"/> included.</summary>
    public int Count => _count;

    /// <summary>The name of an index; of one that was never given, <see cref="Other"/>.</summary>
    public string NameOf(long index) => index >= 0 && index < _count ? _names[index] : Other;

    /// <summary>The index of a request's name.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="path">Its path.</param>
    public int IndexOf(ReadOnlySpan<char> method, ReadOnlySpan<char> path)
    {
        // Most requests are like one before, and cost one look-up.
        ReadOnlySpan<char> raw = Raw(UnitPath.MethodOf(method), path);
        if (_remembered.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(raw, out int known)) return known;
        int index = PlaceOf(NameFor(method, path, raw));
        if (index == OtherIndex) return index;
        if (_remembered.Count >= MostRemembered) _remembered.Clear();
        _remembered.Add(raw.ToString(), index);
        return index;
    }

    /// <summary>The index of a name that is known in advance.</summary>
    public int IndexOf(string name) => PlaceOf(name);

    private string NameFor(ReadOnlySpan<char> method, ReadOnlySpan<char> path, ReadOnlySpan<char> raw)
    {
        foreach (UnitNameRule rule in rules)
        {
            if (rule.IsMatch(raw)) return rule.Name;
        }

        return UnitPath.NameOf(method, path);
    }

    private ReadOnlySpan<char> Raw(string method, ReadOnlySpan<char> path)
    {
        if (path.Length > RequestPayload.LongestPath) path = path[..RequestPayload.LongestPath];
        method.CopyTo(_raw);
        _raw[method.Length] = ' ';
        path.CopyTo(_raw.AsSpan(method.Length + 1));
        return _raw.AsSpan(0, method.Length + 1 + path.Length);
    }

    private int PlaceOf(string name)
    {
        if (name == Other) return OtherIndex;
        if (_places.TryGetValue(name, out int place)) return place;
        if (_count >= most || (_count > most / 2 && !_frequent.ComesOften(name))) return OtherIndex;
        place = _count;
        _names[place] = name;
        _places.Add(name, place);
        _count = place + 1;
        return place;
    }
}

/// <summary>What the user calls requests: <c>REGEX=NAME</c>, of method and path.</summary>
internal sealed class UnitNameRule
{
    private const int MostPatterns = 1_000;
    private readonly Regex _pattern;

    private UnitNameRule(Regex pattern, string name) => (_pattern, Name) = (pattern, name);

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>True for a request like <c>GET /orders/17</c>.</summary>
    public bool IsMatch(ReadOnlySpan<char> request) => _pattern.IsMatch(request);

    /// <summary>Reads a rule. What stands behind the last '=' is the name.</summary>
    /// <exception cref="UsageException">It is not valid.</exception>
    public static UnitNameRule Parse(string text)
    {
        int equals = text.LastIndexOf('=');
        string name = SafeText.Clean(text[(equals + 1)..].Trim(), UnitPath.LongestName);
        if (equals <= 0 || name.Length == 0)
            throw new UsageException($"--unit-name '{SafeText.Name(text)}' is not REGEX=NAME. Write it like '^GET /orders/=orders'.");
        if (equals > MostPatterns) throw new UsageException($"--unit-name: the pattern has {equals} characters; {MostPatterns} at most.");
        try
        {
            // Takes time in proportion to the text, whatever the pattern: clients choose the text.
            return new UnitNameRule(new Regex(text[..equals], RegexOptions.NonBacktracking | RegexOptions.CultureInvariant), name);
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            throw new UsageException($"--unit-name: {SafeText.Line(refused.Message)} Look-around, back references and atomic groups are not supported.");
        }
    }
}
