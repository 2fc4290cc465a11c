namespace Observatory.ChurnTarget;

/// <summary>Doing nothing for a while. Nothing waits for a condition here: to do nothing is what is wanted.</summary>
internal static class Pause
{
#pragma warning disable RS0030 // Banned in place of a condition; there is none.
    public static void For(int milliseconds) => Thread.Sleep(milliseconds);
#pragma warning restore RS0030
}
