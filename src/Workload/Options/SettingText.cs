using System.Globalization;
using System.Net;
using Observatory.Hosting;

namespace Observatory.Workload;

/// <summary>Turns the text of a setting into its value, or says what to write instead.</summary>
internal static class SettingText
{
    /// <summary>A whole number within bounds, both included.</summary>
    /// <exception cref="UsageException">It is not one.</exception>
    public static int Number(Setting setting, int least, int most) =>
        TryNumber(setting.Text, out int value) && value >= least && value <= most
            ? value
            : throw Refusal(setting, most == int.MaxValue
                ? $"a whole number of at least {least}"
                : $"a whole number from {least} to {most}");

    /// <summary>Sizes separated by commas, each positive and different from the others.</summary>
    /// <exception cref="UsageException">The list is empty, or one of its items is not such a size.</exception>
    public static IReadOnlyList<int> Sizes(Setting setting)
    {
        List<int> sizes = [];
        foreach (string item in setting.Text.Split(','))
        {
            if (!TryNumber(item.Trim(), out int size) || size < 1 || sizes.Contains(size))
            {
                throw Refusal(setting, "different sizes above zero with commas between them, such as 8,16,32");
            }

            sizes.Add(size);
        }

        return sizes;
    }

    /// <summary>Names of operations separated by commas, each different from the others.</summary>
    /// <exception cref="UsageException">The list is empty, or one of its items is not such a name.</exception>
    public static IReadOnlyList<IOperationFormula> Operations(Setting setting)
    {
        List<IOperationFormula> operations = [];
        foreach (string item in setting.Text.Split(','))
        {
            IOperationFormula? found = OperationFormulas.All.FirstOrDefault(
                operation => operation.Name.Equals(item.Trim(), StringComparison.OrdinalIgnoreCase));
            if (found is null || operations.Contains(found))
            {
                throw Refusal(setting, "linear, mlp or attention, or several of them with commas between them");
            }

            operations.Add(found);
        }

        return operations;
    }

    /// <summary>A number of iterations, or <c>auto</c>.</summary>
    /// <exception cref="UsageException">It is neither.</exception>
    public static WarmupChoice Warmup(Setting setting)
    {
        if (setting.Text.Trim().Equals("auto", StringComparison.OrdinalIgnoreCase)) return new WarmupChoice(1, true);
        return TryNumber(setting.Text, out int least) && least >= 0
            ? new WarmupChoice(least, false)
            : throw Refusal(setting, "a whole number of at least 0, or auto");
    }

    /// <summary>A percentage as a share.</summary>
    /// <exception cref="UsageException">It is not above 0 and at most 100.</exception>
    public static double Percent(Setting setting) =>
        double.TryParse(
            setting.Text.Trim().TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
        && value is > 0 and <= 100
            ? value / 100
            : throw Refusal(setting, "a percentage above 0 and up to 100, such as 5 or 2.5%");

    /// <exception cref="UsageException">It is neither true nor false.</exception>
    public static bool Flag(Setting setting) => setting.Text.Trim().ToUpperInvariant() switch
    {
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => throw Refusal(setting, "true or false"),
    };

    /// <exception cref="UsageException">It is not the name of an order.</exception>
    public static SweepOrder Order(Setting setting) => setting.Text.Trim().ToUpperInvariant() switch
    {
        "SHUFFLED" => SweepOrder.Shuffled,
        "LISTED" => SweepOrder.Listed,
        _ => throw Refusal(setting, "shuffled or listed"),
    };

    /// <exception cref="UsageException">
    /// It is not a positive time, or longer than the longest a timer takes.
    /// </exception>
    public static TimeSpan Duration(Setting setting) =>
        DurationText.Parse(setting.Text) is { } value && value > TimeSpan.Zero && value <= LongestTimer
            ? value
            : throw Refusal(setting, "a time such as 500ms, 60s, 5m, 2h or 00:01:00, of 49 days at most");

    /// <exception cref="UsageException">It is not an address of this kind.</exception>
    public static IPAddress Address(Setting setting) => setting.Text.Trim() switch
    {
        "*" => IPAddress.Any,
        "localhost" => IPAddress.Loopback,
        string text when IPAddress.TryParse(text, out IPAddress? address) => address,
        _ => throw Refusal(setting, "an IP address, localhost or *"),
    };

    /// <exception cref="UsageException">It is not a kind of memory.</exception>
    public static OutputMemory Outputs(Setting setting) => setting.Text.Trim().ToUpperInvariant() switch
    {
        "REUSED" => OutputMemory.Reused,
        "FRESH" => OutputMemory.Fresh,
        _ => throw Refusal(setting, "reused or fresh"),
    };

    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(49);

    private static bool TryNumber(string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static UsageException Refusal(Setting setting, string wanted) =>
        new($"{setting.Name} is '{setting.Text}'; give {wanted}.");
}
