using System.Globalization;
using Observatory.Hosting;
using Observatory.Study;

namespace Observatory.Workload;

/// <summary>
/// A run that is in a file already and goes on: with its study, its settings and its samples. Only when it ends can be said
/// anew, by passes or by time.
/// </summary>
/// <param name="Name">Where the file was named, for messages.</param>
/// <param name="Results">What is in it.</param>
internal sealed record ResumedRun(string Name, StudyResults Results)
{
    /// <summary>What the file decides.</summary>
    private static readonly SettingKey[] Decided =
    [
        SettingKeys.Preset, SettingKeys.Operation, SettingKeys.Batches, SettingKeys.Sequences, SettingKeys.Dims, SettingKeys.Types,
        SettingKeys.Threads, SettingKeys.Outputs, SettingKeys.Iterations, SettingKeys.Warmup, SettingKeys.Seed, SettingKeys.Order,
    ];

    /// <exception cref="UsageException">It is no file of a run, or another setting says something else.</exception>
    public static ResumedRun Read(Setting setting, SettingLayers written)
    {
        foreach (SettingKey key in Decided)
        {
            // A variable or a file that sets it was not written for this command.
            if (written.Find(key) is { } other && other.Name == key.Option)
                throw new UsageException($"{other.Name} is decided by the run that {setting.Name} names; leave it out.");
        }

        StudyResults results = ResultsFile.Read(setting.Text);
        if (results.Configurations.Count == 0) throw new UsageException($"{setting.Name} '{setting.Text}' has no configuration; run a new sweep.");
        return new ResumedRun($"{setting.Name} '{setting.Text}'", results);
    }

    /// <summary>Its settings, as the command line would say them.</summary>
    public SettingLayer Layer
    {
        get
        {
            RunSettings run = Results.Run;
            return SettingLayer.Run(new Dictionary<string, string?>
            {
                [SettingKeys.Outputs.Name] = run.Outputs ?? "fresh",
                [SettingKeys.Iterations.Name] = run.Iterations.ToString(CultureInfo.InvariantCulture),
                [SettingKeys.Warmup.Name] = run.WarmupStable ? "auto" : run.Warmup.ToString(CultureInfo.InvariantCulture),
                [SettingKeys.Seed.Name] = run.Seed.ToString(CultureInfo.InvariantCulture),
                [SettingKeys.Order.Name] = run.Order,
            });
        }
    }

    /// <summary>Its configurations, in the order of the file.</summary>
    /// <exception cref="UsageException">One is of an operation or a type that is not known here.</exception>
    public IReadOnlyList<StudyPoint> Points() =>
        [.. Results.Configurations.Select(one => Point(one.Operation, one.Dtype, one.Batch, one.Sequence, one.Dim, one.Threads))];

    /// <summary>What it left out.</summary>
    /// <exception cref="UsageException">The same.</exception>
    public IReadOnlyList<(StudyPoint Point, string Reason)> LeftOut() =>
        [.. Results.LeftOut.Select(one => (Point(one.Operation, one.Dtype, one.Batch, one.Sequence, one.Dim, one.Threads), one.Reason))];

    /// <summary>Samples of two machines or libraries do not belong into one file.</summary>
    /// <exception cref="UsageException">They are different ones.</exception>
    public void RequireSame(MachineFingerprint here)
    {
        MachineFingerprint there = Results.Machine;
        string? difference = here.Id != there.Id ? "on another machine"
            : here.Torch != there.Torch ? $"with libtorch {there.Torch}, and this is {here.Torch}"
            : null;
        if (difference is not null) throw new UsageException($"{Name} was made {difference}; run a new sweep.");
    }

    private StudyPoint Point(string operation, string dtype, long batch, long sequence, long dim, int threads)
    {
        if (OperationFormulas.All.FirstOrDefault(one => one.Name == operation) is not { } formula
            || !ElementTypes.Parser.TryParse(dtype, out IReadOnlyList<ElementType> types)
            || Math.Max(batch, Math.Max(sequence, dim)) > int.MaxValue)
        {
            throw new UsageException($"{Name} has {operation} [{batch}, {sequence}, {dim}] of {dtype}, which this version does not measure; run a new sweep.");
        }

        return new StudyPoint(formula, (int)batch, (int)sequence, (int)dim) { Type = types[0], Threads = threads };
    }
}
