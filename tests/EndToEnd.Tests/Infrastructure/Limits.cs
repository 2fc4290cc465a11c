namespace Observatory.EndToEnd.Tests;

/// <summary>How long a test waits before it gives up. None of them says how long a thing should take.</summary>
internal static class Limits
{
    /// <summary>For a condition that a healthy run meets within seconds, on a machine that has other things to do.</summary>
    public static readonly TimeSpan Condition = TimeSpan.FromSeconds(120);

    /// <summary>For a process to end once it was asked to; an iteration of the sweep is never cut short.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    /// <summary>For one HTTP request.</summary>
    public static readonly TimeSpan Request = TimeSpan.FromSeconds(30);

    /// <summary>Between two looks at a condition.</summary>
    public static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
}
