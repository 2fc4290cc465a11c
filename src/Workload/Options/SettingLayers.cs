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
