using System.CommandLine;

namespace Observatory.Hosting;

/// <summary>
/// An option that is declared together with what reads its value. The text is read when the command asks for it, so that
/// every value is refused in the one pattern of <see cref="ValueParser{T}"/>.
/// </summary>
public sealed class ValueOption<T> : Option<string?>
{
    private readonly ValueParser<T> _parser;

    /// <param name="name">As users write it: <c>--port</c>.</param>
    /// <param name="valueName">What help calls the value.</param>
    /// <param name="parser">Reads the value.</param>
    /// <param name="description">One sentence.</param>
    /// <param name="otherwise">What is read where the option is left out; null for nothing.</param>
    public ValueOption(string name, string valueName, ValueParser<T> parser, string description, string? otherwise = null)
        : base(name)
    {
        _parser = parser;
        Description = description;
        HelpName = valueName;
        if (otherwise is not null) DefaultValueFactory = _ => otherwise;
    }

    /// <summary>The value, where the option was given or has a default.</summary>
    /// <exception cref="UsageException">What was given is not such a value.</exception>
    public bool TryRead(ParseResult parsed, out T value)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        string? text = parsed.GetValue(this);
        value = text is null ? default! : _parser.Parse(Name, text);
        return text is not null;
    }

    /// <summary>The value of an option that has a default.</summary>
    /// <exception cref="UsageException">What was given is not such a value.</exception>
    /// <exception cref="InvalidOperationException">It was left out and has no default.</exception>
    public T Read(ParseResult parsed) =>
        TryRead(parsed, out T value) ? value : throw new InvalidOperationException($"{Name} has no default; ask {nameof(TryRead)}.");
}
