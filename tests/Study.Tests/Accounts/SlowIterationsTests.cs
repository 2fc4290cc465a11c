namespace Observatory.Study.Tests;

/// <summary>Runs of which it is known why their slow iterations were slow.</summary>
public sealed class SlowIterationsTests
{
    private const int Samples = 40;
    private const long Millisecond = 1_000_000;

    [Fact]
    public void Slow_iterations_are_explained_by_what_grew()
    {
        SlowIterations slow = Assert.Single(Run(iteration => iteration > 38 ? 3 * Millisecond : 0).Configurations);

        Assert.Equal((Samples, 10e-3, 14e-3), (slow.Accounts, slow.Fast.Wall, slow.Slow.Wall));
        Assert.Equal((0, 1e-3, 3e-3), (slow.LongerIn("gc"), Round(slow.LongerIn("running")), Round(slow.LongerIn("preempted"))));
        Assert.Equal(("preempted", 4e-3), (slow.Mainly, Round(slow.Longer)));
        Assert.Equal(1e-3, Round(slow.WorkersWaitedLonger));
    }

    [Fact]
    public void A_thread_that_spins_for_one_without_a_CPU_is_said_to()
    {
        string text = StudyReport.Markdown(StudyFindings.From(Results).With(Accounts(_ => 0)));

        Assert.Contains("accounts for 40 of 40 samples, completely for 40.", text);
        Assert.Contains("all configurations together: running 100.0 %", text);
        Assert.Contains("workers without a CPU", text);
        Assert.DoesNotContain("Why slow iterations", StudyReport.Markdown(StudyFindings.From(Results)));
    }

    [Fact]
    public void Who_preempted_the_slow_iterations_is_named()
    {
        Func<long, long> preempted = iteration => iteration > 38 ? 3 * Millisecond : 0;
        AccountLine[] accounts =
        [
            .. Accounts(preempted).Select(account => account with
            {
                Causes =
                [
                    new AccountCause { Cause = "work", Ns = account.WallNs - preempted(account.Iteration) },
                    new AccountCause { Cause = "neighbour", By = "backup", Ns = preempted(account.Iteration) },
                ],
            }),
        ];
        SlowIterations slow = Assert.Single(AccountedRun.From(StretchedBy(preempted), accounts).Configurations);
        (string cause, string by, double longer) = Assert.Single(slow.NamedCauses!);
        Assert.Equal(("neighbour", "backup", 3e-3), (cause, by, Round(longer)));

        string text = StudyReport.Markdown(StudyFindings.From(StretchedBy(preempted)).With(accounts));
        Assert.Contains("Named causes of that time: neighbour: backup 75.0 %.", text);
        Assert.Contains("neighbour: backup 3.00 ms", text);
        Assert.DoesNotContain("Named causes", StudyReport.Markdown(StudyFindings.From(Results).With(Accounts(_ => 0))));
    }

    [Fact]
    public void Incomplete_accounts_explain_nothing()
    {
        AccountedRun run = AccountedRun.From(
            Results, [.. Accounts(_ => 0).Select(account => account with { Complete = account.Iteration > 25 })]);

        Assert.Equal((40, 40, 15), (run.Samples, run.Accounts, run.Complete));
        Assert.Empty(run.Configurations);
    }

    [Fact]
    public void What_was_not_measured_is_no_number()
    {
        AccountLine[] poor =
        [
            .. Accounts(_ => 0).Select(account => account with
            {
                PoolNs = null, Ns = new Dictionary<string, long?> { ["gc"] = null, ["running"] = account.WallNs },
            }),
        ];

        SlowIterations slow = Assert.Single(AccountedRun.From(Results, poor).Configurations);

        Assert.Equal((null, null, null), (slow.LongerIn("gc"), slow.LongerIn("blocked"), slow.WorkersWaitedLonger));
        Assert.Equal("running", slow.Mainly);
    }

    [Theory]
    [InlineData("another time")]
    [InlineData("another size")]
    [InlineData("shorter")]
    [InlineData("other numbers")]
    public void Accounts_of_another_run_are_refused(string which)
    {
        AccountLine[] foreign =
        [
            .. Accounts(_ => 0).Select(account => which switch
            {
                "another time" => account with { BeganNs = account.BeganNs + 60_000_000_000, EndedNs = account.EndedNs + 60_000_000_000 },
                "another size" => account with { EmbeddingDim = 64 },
                "shorter" => account with { EndedNs = account.EndedNs - Millisecond },
                _ => account with { Iteration = account.Iteration + 1000 },
            }),
        ];

        string message = Assert.Throws<ResultsFormatException>(() => AccountedRun.From(Results, foreign)).Message;

        Assert.StartsWith("it is of another run than the results", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Iterations_that_the_observer_missed_are_left_out() =>
        Assert.Equal(30, AccountedRun.From(Results, [.. Accounts(_ => 0).Skip(10)]).Accounts);

    /// <summary>The oldest visit then keeps the time of a sample that is gone.</summary>
    [Fact]
    public void Samples_that_were_not_kept_do_not_make_the_rest_another_run()
    {
        StudyResults cut = Results with
        {
            Configurations =
            [
                .. Results.Configurations.Select(one => one with
                {
                    DurationNs = [.. one.DurationNs.Skip(5)], DroppedSamples = 5,
                    Visits = [new Visit(0, 15) { FirstIteration = 6 }, one.Visits![1]],
                }),
            ],
        };

        Assert.Equal(35, AccountedRun.From(cut, Accounts(_ => 0)).Accounts);
    }

    /// <summary>10 ms each, the last two of 40 one millisecond longer; in two visits.</summary>
    private static readonly StudyResults Results = Study.Tests.Samples.Results(
        Study.Tests.Samples.Linear(8, 512, 128, [.. Enumerable.Range(1, Samples).Select(Duration)]) with
        {
            Visits = [new Visit(0, 20) { FirstIteration = 1 }, new Visit(Start(21), 20) { FirstIteration = 21 }],
        }) with
    {
        Run = Study.Tests.Samples.Run with { MonotonicBeginNs = 5_000 },
    };

    private static AccountedRun Run(Func<long, long> preempted) =>
        AccountedRun.From(StretchedBy(preempted), Accounts(preempted));

    private static StudyResults StretchedBy(Func<long, long> preempted) => Results with
    {
        Configurations =
        [
            .. Results.Configurations.Select(one => one with
            {
                DurationNs = [.. one.DurationNs.Select((duration, index) => duration + preempted(index + 1))],
            }),
        ],
    };

    /// <summary>The driving thread runs, but for the time it is preempted; a worker waits where it runs longer.</summary>
    private static AccountLine[] Accounts(Func<long, long> preempted) =>
    [
        .. Enumerable.Range(1, Samples).Select(iteration => new AccountLine
        {
            Iteration = iteration, Operation = "linear", BatchSize = 8, SequenceLength = 512, EmbeddingDim = 128,
            BeganNs = 5_000 + Start(iteration), EndedNs = 5_000 + Start(iteration) + Duration(iteration) + preempted(iteration),
            Complete = true,
            Ns = new Dictionary<string, long?>
            {
                ["gc"] = 0, ["running"] = Duration(iteration), ["preempted"] = preempted(iteration), ["waking"] = 0, ["blocked"] = 0,
            },
            PoolNs = new Dictionary<string, IReadOnlyDictionary<string, long?>>
            {
                ["worker"] = new Dictionary<string, long?> { ["preempted"] = Duration(iteration) - (10 * Millisecond), ["running"] = 1 },
            },
        }),
    ];

    private static long Duration(int iteration) => (iteration > 38 ? 11 : 10) * Millisecond;

    private static long Start(int iteration) => iteration * 50 * Millisecond - (iteration == 1 ? 50 * Millisecond : 0);

    private static double? Round(double? seconds) => seconds is { } value ? Math.Round(value, 9) : null;
}
