using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>One column of the table.</summary>
/// <param name="Head">Its head.</param>
/// <param name="Text">What stands in it for a configuration.</param>
internal sealed record Column(string Head, Func<SummaryRow, string> Text)
{
    /// <summary>The state whose share it shows; null for the others.</summary>
    public AccountState? State { get; init; }
}
