namespace Observatory.Kernel.Tests;

/// <summary>Writes every record down as one line.</summary>
internal sealed class RecordStory : ISchedulerRecordHandler
{
    public List<string> Lines { get; } = [];

    public void OnSwitch(in SwitchRecord r) =>
        Lines.Add($"{r.Time} cpu{r.Cpu} {r.ProcessId}/{r.ThreadId} {Direction(r)}");

    public void OnWaking(in WakingRecord r) =>
        Lines.Add($"{r.Time} cpu{r.Cpu} {r.WakerProcessId}/{r.WakerThreadId} wakes {r.WokenThreadId}");

    public void OnLost(in LostRecord r) => Lines.Add(
        $"{r.Time} cpu{r.Cpu} lost {r.Count}" + (r.ThreadId == LostRecord.OfAnyThread ? "" : $" of {r.ThreadId}"));

    public void OnComm(in CommRecord r) => Lines.Add($"{r.Time} cpu{r.Cpu} {r.ProcessId}/{r.ThreadId} is '{r.Name}'");

    public void OnFork(in ForkRecord r) => Lines.Add(
        $"{r.Time} cpu{r.Cpu} {r.ParentProcessId}/{r.ParentThreadId} begins {r.ProcessId}/{r.ThreadId}");

    public void OnExit(in ExitRecord r) => Lines.Add($"{r.Time} cpu{r.Cpu} {r.ProcessId}/{r.ThreadId} ends");

    public void OnPageFaults(in PageFaultsRecord r) => Lines.Add(
        $"{r.Time} cpu{r.Cpu} {r.ProcessId}/{r.ThreadId} {r.Count} {(r.IsMajor ? "major" : "minor")}");

    private static string Direction(in SwitchRecord r) =>
        !r.IsSwitchOut ? "in" : r.IsPreempted ? "preempted" : "out";
}
