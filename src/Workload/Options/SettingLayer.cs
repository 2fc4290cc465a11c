namespace Observatory.Workload;

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
