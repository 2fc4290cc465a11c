using System.Text.Json;
using System.Text.Json.Serialization;

namespace Observatory.Study;

/// <summary>Reads the accounts that the collector writes, a line of JSON for each iteration.</summary>
public static class AccountsReader
{
    /// <param name="lines">Of the file; empty ones are passed over.</param>
    /// <exception cref="ResultsFormatException">A line is not an account, or there is none.</exception>
    public static IReadOnlyList<IterationAccount> Read(IEnumerable<string> lines)
    {
        IterationAccount[] accounts =
        [
            .. lines.Index().Where(line => !string.IsNullOrWhiteSpace(line.Item)).Select(line => Parse(line.Item, line.Index + 1)),
        ];
        return accounts.Length > 0 ? accounts : throw new ResultsFormatException("it has no account");
    }

    private static IterationAccount Parse(string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize(line, AccountsReaderJson.Default.IterationAccount)
                ?? throw new ResultsFormatException($"its line {number} is not an account");
        }
        catch (JsonException problem)
        {
            throw new ResultsFormatException(
                $"its line {number} is not an account: {problem.Message.ReplaceLineEndings(" ").TrimEnd('.')}");
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(IterationAccount))]
internal sealed partial class AccountsReaderJson : JsonSerializerContext;
