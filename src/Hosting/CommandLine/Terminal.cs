namespace Observatory.Hosting;

/// <summary>What standard output is written to.</summary>
public static class Terminal
{
    /// <summary>Narrower than this a table has no room for the columns that name its rows.</summary>
    private const int LeastWidth = 60;

    /// <summary>Columns of the terminal that text may fill; null where it is a file or a pipe, and nothing is broken or left out.</summary>
    public static int? Width => Console.IsOutputRedirected ? null : Math.Max(LeastWidth, Console.WindowWidth - 1);
}
