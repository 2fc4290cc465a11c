namespace Observatory.TruthTarget;

/// <summary>What to do. Numbers only, written as <c>--name n</c>; this program is for tests.</summary>
internal sealed record TargetOptions
{
    /// <summary>Iterations that are measured.</summary>
    public long Iterations { get; init; } = 1000;

    /// <summary>CPU time the driving thread computes for in each, in microseconds.</summary>
    public long ComputeMicroseconds { get; init; } = 2000;

    /// <summary>CPU time a second thread computes for in each, while the driving thread is blocked, in microseconds.</summary>
    public long BlockMicroseconds { get; init; } = 500;

    /// <summary>Milliseconds between two threads that are begun beside the iterations; 0 for none.</summary>
    public long BeginEveryMilliseconds { get; init; }

    /// <summary>Empty iterations written as fast as possible once the gate file exists.</summary>
    public long Burst { get; init; }

    /// <summary>Goes on, once all else is done, until this file is gone; null for no gate.</summary>
    public string? Gate { get; init; }

    /// <summary>Threads that drive iterations of their own at the same time, none of them measured; 0 for the one that is.</summary>
    public long Drivers { get; init; }

    /// <summary>Milliseconds each of those sleeps inside each iteration.</summary>
    public long SleepMilliseconds { get; init; }

    /// <summary>CPU time by which their iterations take longer with each second that passes, in microseconds.</summary>
    public long SlowerMicroseconds { get; init; }

    /// <summary>What more and more is kept of: managed, native, handles or nothing, with collections beside it; null for neither.</summary>
    public string? Leak { get; init; }

    /// <summary>True to do nothing but switch: two threads that wake each other until the process is ended.</summary>
    public bool Storm { get; init; }

    public static TargetOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new TargetOptions();
        for (int i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--storm" => options with { Storm = true },
                "--drivers" => options with { Drivers = long.Parse(arguments[++i]) },
                "--sleep-ms" => options with { SleepMilliseconds = long.Parse(arguments[++i]) },
                "--slower-us" => options with { SlowerMicroseconds = long.Parse(arguments[++i]) },
                "--leak" => options with { Leak = arguments[++i] },
                "--gate" => options with { Gate = arguments[++i] },
                "--iterations" => options with { Iterations = long.Parse(arguments[++i]) },
                "--compute-us" => options with { ComputeMicroseconds = long.Parse(arguments[++i]) },
                "--block-us" => options with { BlockMicroseconds = long.Parse(arguments[++i]) },
                "--begin-every-ms" => options with { BeginEveryMilliseconds = long.Parse(arguments[++i]) },
                "--burst" => options with { Burst = long.Parse(arguments[++i]) },
                string unknown => throw new ArgumentException($"{unknown} is not an option"),
            };
        }

        return options;
    }
}
