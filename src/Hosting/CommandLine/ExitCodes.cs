namespace Observatory.Hosting;

/// <summary>What a process of the product returns.</summary>
public static class ExitCodes
{
    /// <summary>It did what it was asked to do.</summary>
    public const int Done = 0;

    /// <summary>It found something: a threshold failed, or what it observed went wrong.</summary>
    public const int Finding = 1;

    /// <summary>It was asked wrongly; one line on standard error says how to ask.</summary>
    public const int WrongUsage = 2;
}
