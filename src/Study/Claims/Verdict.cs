namespace Observatory.Study;

/// <summary>What the results say about a claim.</summary>
internal enum Verdict
{
    CannotBeTold,
    Holds,
    HoldsInPart,
    DoesNotHold,
}

/// <summary>Verdicts in words.</summary>
internal static class VerdictText
{
    public static string Text(this Verdict verdict) => verdict switch
    {
        Verdict.Holds => "holds",
        Verdict.HoldsInPart => "holds in part",
        Verdict.DoesNotHold => "does not hold",
        _ => "cannot be told",
    };

    /// <summary>Of several parts of a claim; those that cannot be told do not count against the others.</summary>
    public static Verdict Together(IEnumerable<bool?> parts)
    {
        bool?[] all = [.. parts];
        if (all.All(part => part is null)) return Verdict.CannotBeTold;
        if (all.All(part => part is true)) return Verdict.Holds;
        return all.Any(part => part is true) ? Verdict.HoldsInPart : Verdict.DoesNotHold;
    }
}
