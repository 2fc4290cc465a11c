namespace Observatory.Recorder;

/// <summary>
/// Numbers of the fields of Perfetto's trace format that are written, by message; protos/perfetto/trace in its sources.
/// They never change: files are exchanged between versions by them.
/// </summary>
internal static class Schema
{
    public const int TracePacketOfTrace = 1;

    internal static class Packet
    {
        public const int FtraceEvents = 1, ProcessTree = 2, ClockSnapshot = 6, Timestamp = 8, SequenceId = 10, TrackEvent = 11;
        public const int InternedData = 12, SequenceFlags = 13, SystemInfo = 45, TrackDescriptor = 60;

        /// <summary>The sequence starts here: nothing interned before it counts.</summary>
        public const int StateCleared = 1;

        /// <summary>What was interned before in the sequence is needed.</summary>
        public const int NeedsState = 2;
    }

    internal static class Bundle
    {
        public const int Cpu = 1, Event = 2, LostEvents = 3, CompactSched = 4, PreviousBundleEnd = 10;
    }

    internal static class Compact
    {
        public const int SwitchTimestamp = 1, SwitchPreviousState = 2, SwitchNextPid = 3, SwitchNextPriority = 4, InternTable = 5;
        public const int SwitchNextComm = 6, WakingTimestamp = 7, WakingPid = 8, WakingTargetCpu = 9, WakingPriority = 10;
        public const int WakingComm = 11, WakingFlags = 12;
    }

    internal static class FtraceEvent
    {
        public const int Timestamp = 1, Pid = 2, SchedSwitch = 4, SchedBlockedReason = 18, SchedWakeupNew = 114, TaskNewtask = 235;
    }

    internal static class SchedSwitch
    {
        public const int PreviousComm = 1, PreviousPid = 2, PreviousPriority = 3, PreviousState = 4, NextComm = 5, NextPid = 6, NextPriority = 7;
    }

    internal static class SchedBlockedReason
    {
        public const int Pid = 1, Caller = 2;
    }

    internal static class SchedWakeup
    {
        public const int Comm = 1, Pid = 2, Priority = 3, TargetCpu = 5;
    }

    internal static class TaskNewtask
    {
        public const int Pid = 1, Comm = 2, CloneFlags = 3;
    }

    internal static class Interned
    {
        public const int EventNames = 2, AnnotationNames = 3, KernelSymbols = 26;

        /// <summary>Fields of each entry.</summary>
        public const int Id = 1, Text = 2;
    }

    internal static class ProcessTree
    {
        public const int Processes = 1, Threads = 2;
        public const int ProcessPid = 1, ProcessCommandLine = 3;
        public const int ThreadId = 1, ThreadName = 2, ThreadProcess = 3;
    }

    internal static class Clocks
    {
        public const int Clock = 1, Primary = 2;
        public const int ClockId = 1, ClockTimestamp = 2;
        public const int RealTime = 1, Monotonic = 3, BootTime = 6;
    }

    internal static class SystemInfo
    {
        public const int Utsname = 1, CpuCount = 8;
        public const int Sysname = 1, Version = 2, Release = 3, Machine = 4;
    }

    internal static class Track
    {
        public const int Uuid = 1, Name = 2, Process = 3, Thread = 4, Parent = 5, Counter = 8;
        public const int ProcessPid = 1, ProcessName = 6;
        public const int ThreadProcess = 1, ThreadId = 2, ThreadName = 5;
        public const int CounterUnit = 3, CounterUnitName = 6;
        public const int UnitCount = 2, UnitBytes = 3;
    }

    internal static class TrackEvent
    {
        public const int Annotation = 4, Type = 9, NameId = 10, TrackUuid = 11, CounterValue = 30, FlowId = 47;
        public const int SliceBegin = 1, SliceEnd = 2, Instant = 3, Counter = 4;
        public const int AnnotationNameId = 1, AnnotationInteger = 4, AnnotationText = 6;
    }
}
