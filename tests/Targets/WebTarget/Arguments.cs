using System.Globalization;

namespace Observatory.WebTarget;

/// <summary>Options of the form <c>--name value</c>, flags without a value, and the rest in order.</summary>
internal sealed class Arguments
{
    private static readonly string[] Flags = ["--http2", "--own-source"];
    private readonly Dictionary<string, string> _options = [];
    private readonly List<string> _rest = [];

    /// <summary>What is no option.</summary>
    public IReadOnlyList<string> Rest => _rest;

    public static Arguments Parse(string[] arguments)
    {
        var parsed = new Arguments();
        for (int i = 0; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal)) parsed._rest.Add(argument);
            else parsed._options[argument] = Flags.Contains(argument) ? "" : arguments[++i];
        }

        return parsed;
    }

    public static int Usage()
    {
        Console.Error.WriteLine("serve [--truth FILE] [--spans FILE [--own-source]] | load URL [--requests N] [--seconds S] [--at-once N] [--rate N] [--http2] WHAT...");
        return 2;
    }

    public string? Text(string name) => _options.GetValueOrDefault(name);

    public bool Has(string name) => _options.ContainsKey(name);

    public int Number(string name, int otherwise) =>
        _options.TryGetValue(name, out string? value) ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
}
