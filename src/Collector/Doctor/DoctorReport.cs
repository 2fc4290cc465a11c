using System.Text.Json;
using System.Text.Json.Serialization;
using Observatory.Hosting;
using Observatory.Kernel;

namespace Observatory.Collector.Doctor;

/// <summary>Prints the diagnosis.</summary>
internal static class DoctorReport
{
    /// <returns><see cref="ExitCodes.Done"/> when every source has its highest tier, else <see cref="ExitCodes.Finding"/>.</returns>
    public static int Print(bool json)
    {
        Diagnosis diagnosis = Diagnosis.Make();
        if (json) Console.WriteLine(JsonSerializer.Serialize(diagnosis, DoctorJsonContext.Default.Diagnosis));
        else foreach (SourceDiagnosis source in diagnosis.Sources) Print(source);
        return diagnosis.IsFull ? ExitCodes.Done : ExitCodes.Finding;
    }

    private static void Print(SourceDiagnosis source)
    {
        Console.WriteLine($"{source.Name}: tier {source.Tier}, {source.Meaning}");
        foreach (KernelFinding finding in source.Findings)
        {
            Console.WriteLine($"  {(finding.IsOk ? "ok     " : "missing")}  {finding.Name}: {finding.Reason}");
            if (!finding.IsOk && finding.Remedy.Length > 0) Console.WriteLine($"           to change that: {finding.Remedy}");
        }

        Console.WriteLine();
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(Diagnosis))]
internal sealed partial class DoctorJsonContext : JsonSerializerContext;
