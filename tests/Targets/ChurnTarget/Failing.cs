namespace Observatory.ChurnTarget;

/// <summary>Exceptions.</summary>
internal static class Failing
{
    public static void Throw(Random random)
    {
        try
        {
            throw new InvalidTimeZoneException("on purpose");
        }
        catch (InvalidTimeZoneException)
        {
            Pause.For(1);
        }
    }
}
