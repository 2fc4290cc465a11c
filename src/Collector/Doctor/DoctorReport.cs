using System.Text.Json;
using System.Text.Json.Serialization;
using Observatory.Hosting;
using Observatory.Kernel;

namespace Observatory.Collector;

/// <summary>Prints the diagnosis.</summary>
internal static class DoctorReport
{
    /// <returns><see cref="ExitCodes.Done"/> when every source has its highest tier, else <see cref="ExitCodes.Finding"/>.</returns>
    public static int Print(bool json)
    {
        Diagnosis diagnosis = Diagnosis.Make();
        if (json) Console.WriteLine(JsonSerializer.Serialize(diagnosis, DoctorJsonContext.Default.Diagnosis));
        else Print(diagnosis.Sources);
        return diagnosis.IsFull ? ExitCodes.Done : ExitCodes.Finding;
    }

    private static void Print(IReadOnlyList<SourceDiagnosis> sources)
    {
        // One width for all sources: the reasons stand below one another.
        int width = sources.SelectMany(source => source.Findings).Max(finding => finding.Name.Length);
        foreach (SourceDiagnosis source in sources)
        {
            Console.WriteLine($"{source.Name}: tier {source.Tier}, {source.Meaning}");
            Print(source.Findings, width);
            Console.WriteLine();
        }
    }

    private static void Print(IReadOnlyList<KernelFinding> findings, int width)
    {
        Dictionary<string, string> said = [];
        foreach (KernelFinding finding in findings)
        {
            Console.WriteLine($"  {(finding.IsOk ? "ok     " : "missing")}  {finding.Name.PadRight(width)}  {finding.Reason}");
            if (finding.IsOk || finding.Remedy.Length == 0) continue;
            string remedy = said.TryAdd(finding.Remedy, finding.Name) ? finding.Remedy : $"as for {said[finding.Remedy]}";
            Console.WriteLine($"{new string(' ', width + 13)}-> {remedy}");
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(Diagnosis))]
internal sealed partial class DoctorJsonContext : JsonSerializerContext;
