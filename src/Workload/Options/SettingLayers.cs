using System.Diagnostics.CodeAnalysis;
using Observatory.Hosting;

namespace Observatory.Workload;

/// <summary>Places that settings come from, the one that decides first.</summary>
internal sealed class SettingLayers(params SettingLayer[] layers)
{
    /// <summary>Command line, then environment, then the appsettings.json beside the program.</summary>
    /// <exception cref="UsageException">appsettings.json is not JSON.</exception>
    public static SettingLayers Standard(IReadOnlyDictionary<string, string?> commandLine) => new(
        SettingLayer.CommandLine(commandLine),
        SettingLayer.Environment(System.Environment.GetEnvironmentVariables().Keys.Cast<string>()),
        SettingLayer.File(ReadFile()));

    /// <summary>These, and one more that decides what none of them does.</summary>
    public SettingLayers With(SettingLayer last) => new([.. layers, last]);

    /// <summary>These behind one that decides before all of them.</summary>
    public SettingLayers Behind(SettingLayer first) => new([first, .. layers]);

    /// <summary>The setting as it was written in the first place that has it.</summary>
    public Setting? Find(SettingKey key) =>
        layers.Select(layer => layer.Find(key)).FirstOrDefault(setting => setting is not null);

    /// <summary>Its value; where it is written nowhere, the other one.</summary>
    /// <exception cref="UsageException">What is written is not such a value.</exception>
    [return: NotNullIfNotNull(nameof(otherwise))]
    public T? Get<T>(SettingKey<T> key, T? otherwise) =>
        Find(key) is { } setting ? key.Parser.Parse(setting.Name, setting.Text) : otherwise;

    /// <summary>Its value; null where it is written nowhere.</summary>
    /// <exception cref="UsageException">What is written is not such a value.</exception>
    public T? GetOrNull<T>(SettingKey<T> key) where T : struct => Find(key) is null ? null : Get(key, default);

    /// <summary>Refuses two settings of one place that exclude each other.</summary>
    /// <exception cref="UsageException">Both are written there.</exception>
    public void RequireNotBoth(SettingKey<bool> flag, SettingKey other)
    {
        foreach (SettingLayer layer in layers)
        {
            if (layer.Find(flag) is not { } set || layer.Find(other) is not { } second) continue;
            if (!flag.Parser.Parse(set.Name, set.Text)) continue;
            throw new UsageException($"{set.Name} and {second.Name} exclude each other; leave one of them out.");
        }
    }

    private static IConfiguration ReadFile()
    {
        try
        {
            return new ConfigurationBuilder()
                .SetBasePath(AppContext.BaseDirectory)
                .AddJsonFile("appsettings.json", optional: true)
                .Build();
        }
        catch (InvalidDataException problem)
        {
            throw new UsageException(
                $"{problem.Message} {problem.InnerException?.Message} Correct or remove the file.");
        }
    }
}

/// <summary>One place that settings come from.</summary>
/// <param name="values">What is written there.</param>
/// <param name="keyOf">How the place spells a setting.</param>
/// <param name="nameOf">How a message should call it.</param>
internal sealed class SettingLayer(
    IConfiguration values, Func<SettingKey, string> keyOf, Func<SettingKey, string> nameOf)
{
    public const string Prefix = "WORKLOAD_";
    public const string Section = "Workload";

    public static SettingLayer CommandLine(IReadOnlyDictionary<string, string?> given) => new(
        new ConfigurationBuilder().AddInMemoryCollection(given).Build(),
        key => key.Option,
        key => key.Option);

    /// <param name="variables">Names of the variables there are: one that is meant for us and misspelt is refused.</param>
    /// <exception cref="UsageException">One is.</exception>
    public static SettingLayer Environment(IEnumerable<string> variables)
    {
        foreach (string variable in variables.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            if (!IsForeign(variable)) RequireKnown(variable[Prefix.Length..], variable, key => key.Variable, Prefix);
        }

        return new(
            new ConfigurationBuilder().AddEnvironmentVariables(Prefix).Build(),
            key => key.Variable,
            key => Prefix + key.Variable);
    }

    /// <exception cref="UsageException">The section has a key that is not a setting.</exception>
    public static SettingLayer File(IConfiguration file)
    {
        IConfigurationSection section = file.GetSection(Section);
        foreach (IConfigurationSection entry in section.GetChildren())
            RequireKnown(entry.Key, $"{Section}:{entry.Key} in appsettings.json", key => key.Property, $"{Section}:");
        return new(section, key => key.Property, key => $"{Section}:{key.Property} in appsettings.json");
    }

    /// <summary>The defaults that a preset stands for.</summary>
    /// <param name="name">The preset.</param>
    /// <param name="values">By the name of the setting.</param>
    public static SettingLayer Preset(string name, IReadOnlyDictionary<string, string?> values) => new(
        new ConfigurationBuilder().AddInMemoryCollection(values).Build(),
        key => key.Name,
        key => $"{key.Name} of preset {name}");

    /// <summary>The settings of a run that goes on.</summary>
    /// <param name="values">By the name of the setting.</param>
    public static SettingLayer Run(IReadOnlyDictionary<string, string?> values) => new(
        new ConfigurationBuilder().AddInMemoryCollection(values).Build(),
        key => key.Name,
        key => $"{key.Name} of the run");

    /// <summary>
    /// The setting, when it is written in this place. An array (JSON only) reads as a list with commas.
    /// </summary>
    public Setting? Find(SettingKey key)
    {
        IConfigurationSection section = values.GetSection(keyOf(key));
        if (!section.Exists()) return null;
        string text = section.Value ?? string.Join(',', section.GetChildren().Select(item => item.Value));
        return new Setting(nameOf(key), text);
    }

    /// <summary>
    /// Two of the compose file, and those that Kubernetes gives every container for a service named workload.
    /// </summary>
    private static bool IsForeign(string variable) =>
        variable is "WORKLOAD_CPUS" or "WORKLOAD_MEMORY"
        || variable.StartsWith("WORKLOAD_SERVICE_", StringComparison.Ordinal)
        || (variable.StartsWith("WORKLOAD_PORT_", StringComparison.Ordinal) && char.IsAsciiDigit(variable["WORKLOAD_PORT_".Length..].FirstOrDefault()));

    private static void RequireKnown(string spelling, string name, Func<SettingKey, string> keyOf, string prefix)
    {
        // The configuration finds names in either case, so this does too.
        if (SettingKeys.All.Any(key => keyOf(key).Equals(spelling, StringComparison.OrdinalIgnoreCase))) return;
        string nearest = SettingKeys.All.Select(keyOf).MinBy(known => Distance(known, spelling))!;
        throw new UsageException($"{name} is not a setting; did you mean {prefix}{nearest}? `sweep --help` lists all.");
    }

    /// <summary>Edits between two names (Levenshtein), in either case.</summary>
    private static int Distance(string known, string written)
    {
        int[] row = [.. Enumerable.Range(0, written.Length + 1)];
        foreach (char letter in known)
        {
            int diagonal = row[0]++;
            for (int at = 1; at <= written.Length; at++)
            {
                bool same = char.ToUpperInvariant(letter) == char.ToUpperInvariant(written[at - 1]);
                (diagonal, row[at]) = (row[at], Math.Min(Math.Min(row[at], row[at - 1]) + 1, diagonal + (same ? 0 : 1)));
            }
        }

        return row[^1];
    }
}

/// <summary>A value as it was written.</summary>
/// <param name="Name">The spelling of the place it was written in, for messages: <c>WORKLOAD_BATCHES</c>.</param>
/// <param name="Text">The value.</param>
internal readonly record struct Setting(string Name, string Text);
