namespace Observatory.Study;

/// <summary>Why slow iterations were slow, where an observer's accounts are at hand.</summary>
internal static class AccountsSections
{
    private sealed record ShareRow(SlowIterations Row, string Which, AccountedTime Time);

    private static readonly IReadOnlyList<TableColumn<SlowIterations>> Longer =
    [
        new("operation", row => row.Key.Operation),
        new("batch", row => NumberText.Whole(row.Key.Batch)),
        new("sequence", row => NumberText.Whole(row.Key.Sequence)),
        new("dim", row => NumberText.Whole(row.Key.Dim)),
        new("accounts", row => NumberText.Whole(row.Accounts)),
        new("fastest half", row => NumberText.Seconds(row.Fast.Wall)),
        new("slowest 5 %", row => NumberText.Seconds(row.Slow.Wall)),
        new("longer by", row => NumberText.Seconds(row.Longer)),
        .. AccountedTime.Names.Select(state =>
            new TableColumn<SlowIterations>($"of it {state}", row => Share(row.LongerIn(state), row.Longer))),
        new("workers waited longer", row => Signed(row.WorkersWaitedLonger)),
        new("mainly", Mainly),
        new("named cause", Named),
    ];

    private static readonly IReadOnlyList<TableColumn<ShareRow>> Shares =
    [
        new("operation", part => part.Row.Key.Operation),
        new("batch", part => NumberText.Whole(part.Row.Key.Batch)),
        new("sequence", part => NumberText.Whole(part.Row.Key.Sequence)),
        new("dim", part => NumberText.Whole(part.Row.Key.Dim)),
        new("iterations", part => part.Which),
        new("mean", part => NumberText.Seconds(part.Time.Wall)),
        .. AccountedTime.Names.Select(state =>
            new TableColumn<ShareRow>(state, part => Share(part.Time.In(state), part.Time.Wall))),
        new("workers waited", part => NumberText.Seconds(part.Time.WorkersWaited)),
    ];

    public static IEnumerable<Section> Create(AccountedRun? run)
    {
        if (run is null) yield break;
        yield return new Section("Why slow iterations were slow")
        {
            Text = [.. Summary(run)],
            Table = Longer.Tabulate(1, run.Configurations),
        };
        yield return new Section("Where the time went")
        {
            Text = ["Shares of wall time of the driving thread."],
            Table = Shares.Tabulate(1, run.Configurations.SelectMany(row => new[]
            {
                new ShareRow(row, "fastest half", row.Fast), new ShareRow(row, "slowest 5 %", row.Slow),
            })),
            Plots = StatePlots.DrawAll(run),
        };
    }

    private static IEnumerable<string> Summary(AccountedRun run)
    {
        yield return $"The observer accounts for {run.Accounts} of {run.Samples} samples, completely for {run.Complete}. The "
            + "slowest 5 % of a configuration are compared with its fastest half; 20 complete accounts are needed.";
        if (run.Configurations.Count == 0) yield return "No configuration has that many.";
        if (run.Configurations.Count == 0 || run.Longer <= 0) yield break;
        string parts = string.Join(", ", AccountedTime.Names
            .Where(state => run.Configurations.All(row => row.LongerIn(state) is not null))
            .OrderByDescending(run.LongerIn)
            .Select(state => $"{state} {Share(run.LongerIn(state), run.Longer)}"));
        yield return $"Of the time by which slow iterations are longer, all configurations together: {parts}. "
            + "Running longer with workers that waited: the driving thread spun at a barrier for a thread that had no CPU. "
            + "Running longer without: caches, memory, clock, page faults or the hypervisor.";
        foreach (string named in NamedCauses(run)) yield return named;
    }

    /// <summary>What had the CPU, or what was waited for, where the observer names it.</summary>
    private static string Named(SlowIterations row) => row.NamedCauses switch
    {
        null => NumberText.None,
        [] => "none",
        var causes => string.Join(", ", causes.Take(2).Select(cause => $"{cause.Cause.Replace('_', ' ')}: {cause.By} {NumberText.Seconds(cause.Longer)}")),
    };

    /// <summary>The same over all configurations: the answer to what preempted the slow iterations.</summary>
    private static IEnumerable<string> NamedCauses(AccountedRun run)
    {
        var causes = run.Configurations
            .SelectMany(row => row.NamedCauses ?? [])
            .GroupBy(cause => (cause.Cause, cause.By))
            .Select(cause => (cause.Key, Longer: cause.Sum(one => one.Longer)))
            .OrderByDescending(cause => cause.Longer)
            .ToArray();
        if (causes.Length == 0 || run.Longer <= 0) yield break;
        yield return "Named causes of that time: " + string.Join("; ", causes.Take(5).Select(cause =>
            $"{cause.Key.Cause.Replace('_', ' ')}: {cause.Key.By} {Share(cause.Longer, run.Longer)}")) + ".";
    }

    private static string Mainly(SlowIterations row) => row.Mainly switch
    {
        null => NumberText.None,
        AccountedTime.Running when row.WorkersWaitedLonger > row.LongerIn(AccountedTime.Running) / 2 => "workers without a CPU",
        AccountedTime.Running => "computing slower",
        { } state => state,
    };

    private static string Share(double? part, double whole) =>
        whole > 0 && part is { } time ? (time / whole).ToString("0.0 %;-0.0 %;0", System.Globalization.CultureInfo.InvariantCulture) : NumberText.None;

    private static string Signed(double? seconds) => seconds switch
    {
        null => NumberText.None,
        < 0 => "-" + NumberText.Seconds(-seconds),
        _ => NumberText.Seconds(seconds),
    };
}
