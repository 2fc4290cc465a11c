using Observatory.Hosting;

namespace Observatory.Workload;

/// <summary>Places that settings come from, the one that decides first.</summary>
internal sealed class SettingLayers(params SettingLayer[] layers)
{
    /// <summary>Command line, then environment, then the appsettings.json beside the program.</summary>
    /// <exception cref="UsageException">appsettings.json is not JSON.</exception>
    public static SettingLayers Standard(IReadOnlyDictionary<string, string?> commandLine) => new(
        SettingLayer.CommandLine(commandLine),
        SettingLayer.Environment(),
        SettingLayer.File(ReadFile()));

    /// <summary>These, and one more that decides what none of them does.</summary>
    public SettingLayers With(SettingLayer last) => new([.. layers, last]);

    public Setting? Find(SettingKey key) =>
        layers.Select(layer => layer.Find(key)).FirstOrDefault(setting => setting is not null);

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

    public static SettingLayer Environment() => new(
        new ConfigurationBuilder().AddEnvironmentVariables(Prefix).Build(),
        key => key.Variable,
        key => Prefix + key.Variable);

    public static SettingLayer File(IConfiguration file) => new(
        file.GetSection(Section),
        key => key.Property,
        key => $"{Section}:{key.Property} in appsettings.json");

    /// <summary>The defaults that a preset stands for.</summary>
    /// <param name="name">The preset.</param>
    /// <param name="values">By the name of the setting.</param>
    public static SettingLayer Preset(string name, IReadOnlyDictionary<string, string?> values) => new(
        new ConfigurationBuilder().AddInMemoryCollection(values).Build(),
        key => key.Name,
        key => $"{key.Name} of preset {name}");

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
}

/// <summary>A value as it was written.</summary>
/// <param name="Name">The spelling of the place it was written in, for messages: <c>WORKLOAD_BATCHES</c>.</param>
/// <param name="Text">The value.</param>
internal readonly record struct Setting(string Name, string Text);
