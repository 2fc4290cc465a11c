using System.Text.Json.Nodes;

namespace Observatory.EndToEnd.Tests;

/// <summary>What the kernel counted for the driving thread between two instants; times are nanoseconds.</summary>
internal readonly record struct Counted(long Wall, long Cpu, long Waited, long Slices, long Voluntary);

/// <summary>One line of TruthTarget: an iteration by the kernel's counters, read inside its marks and outside of them.</summary>
internal sealed record TruthLine(long Iteration, Counted Inside, Counted Outside)
{
    public static TruthLine Parse(JsonNode json) =>
        new(json["iteration"]!.GetValue<long>(), Read(json["inside"]!), Read(json["outside"]!));

    private static Counted Read(JsonNode json) => new(
        json["at"]!.GetValue<long>(),
        json["cpu"]!.GetValue<long>(),
        json["waited"]!.GetValue<long>(),
        json["slices"]!.GetValue<long>(),
        json["voluntary"]!.GetValue<long>());
}
