using System.Text.Json;

namespace Observatory.Collector;

/// <summary>Names of enumerated values as labels have them: <c>AllocSmall</c> is <c>alloc_small</c>.</summary>
internal static class LabelText
{
    /// <summary>A value that has no name here: the runtime is newer than this program.</summary>
    public const string Unnamed = "unnamed";

    /// <summary>The label of a value.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.Known.GetValueOrDefault(value, Unnamed);

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Known =
            Enum.GetValues<T>().Distinct().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{value}"));
    }
}
