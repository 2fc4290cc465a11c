namespace Observatory.Study;

/// <summary>What the second run says about a configuration of the first.</summary>
internal enum Change
{
    CannotBeTold,
    NoDifference,
    Faster,
    Slower,
}

/// <summary>Changes in words.</summary>
internal static class ChangeText
{
    public static string Text(this Change change) => change switch
    {
        Change.NoDifference => "no difference",
        Change.Faster => "faster",
        Change.Slower => "slower",
        _ => "cannot be told",
    };
}
