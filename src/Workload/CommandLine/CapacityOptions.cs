using System.CommandLine;
using System.Globalization;
using Observatory.Hosting;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>The options of <c>report --capacity</c>.</summary>
internal sealed class CapacityOptions
{
    private readonly Option<bool> _capacity = new("--capacity")
    {
        Description = "Say instead which batches and sequences keep a latency target.",
    };

    private readonly Option<string> _target = new("--slo")
    {
        Description = "Target that p95 must keep: 200ms, 2s.", HelpName = "TIME",
    };

    private readonly Option<string> _price = new("--price-per-hour")
    {
        Description = "Price of this machine, for the cost of a million tokens.", HelpName = "N",
    };

    public void AddTo(Command command)
    {
        command.Add(_capacity);
        command.Add(_target);
        command.Add(_price);
    }

    /// <summary>Null when capacity is not asked for.</summary>
    /// <exception cref="UsageException">The options do not make sense.</exception>
    public CapacityTarget? Read(ParseResult parsed)
    {
        string? target = parsed.GetValue(_target);
        string? price = parsed.GetValue(_price);
        if (!parsed.GetValue(_capacity))
        {
            return target is null && price is null
                ? null
                : throw new UsageException("--slo and --price-per-hour belong to --capacity; add it.");
        }

        if (target is null) throw new UsageException("--capacity needs a target; add --slo, for example --slo 200ms.");
        return new CapacityTarget(Time(target), price is null ? null : Price(price));
    }

    private static TimeSpan Time(string text) => DurationText.Parse(text) is { } time && time > TimeSpan.Zero
        ? time
        : throw new UsageException($"--slo is '{text}'; give a time above zero such as 200ms or 2s.");

    private static double Price(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double price)
            && double.IsFinite(price)
            ? price
            : throw new UsageException($"--price-per-hour is '{text}'; give a number such as 0.5.");
}
