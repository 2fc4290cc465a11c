using System.Text.Json.Nodes;
using Observatory.Timeline;

namespace Observatory.Collector.Tests;

public sealed class AccountsJsonTests
{
    [Fact]
    public void Has_the_documented_shape()
    {
        var summary = new AccountSummary(Samples.Kernel(Tiers.Kernel), faultCost: Samples.FaultCost);
        summary.IterationClosed(Samples.Configuration(0), Samples.Account(1, 0));
        var runtime = new SourceStatus("runtime");
        runtime.Started(Tiers.EventPipe, "");
        runtime.CounterOf("iteration").Increment();

        JsonNode json = JsonNode.Parse(AccountsJson.Write(
            summary.Rows(),
            [runtime],
            new TimelineCounts { IterationsClosed = 1 },
            [KeyValuePair.Create("stress", 2_500_000_000L)],
            new ProcessRow(PoolAccount.None, Tiers.Kernel, Tiers.Contract) { Waits = 2, WaitMedian = new(1000), WaitP99 = new(2000), WaitLongest = new(2000) },
            [KeyValuePair.Create(new WakerName("worker", BlockedFor.Waking), 3_000_000_000L)],
            Samples.FaultCost))!;

        Assert.Equal(
            """
            {"operation":"linear","batch_size":8,"sequence_length":512,"embedding_dim":128,"dtype":"float32","threads":2,"iterations":1,"incomplete":0,"incomplete_because":{},
            "latency_seconds":{"p50":0.001000447,"p95":0.001000447,"p99":0.001000447},"wall_seconds":0.001,
            "seconds":{"gc":0,"running":0.00075,"preempted":0.00025,"waking":0,"blocked":0,"unknown":0},
            "beside":{"voluntary_switches":0,"involuntary_switches":0,"migrations":0,"minor_faults":0,"major_faults":0,
            "pool_minor_faults":0,"pool_major_faults":0,"modelled_fault_seconds":0,"pool_modelled_fault_seconds":0},"counters":null,
            "blocked_for_seconds":{"running":0,"preempted":0,"waking":0,"sleeping":0,"other_process":0,"interrupt":0,"asynchronous":0,"unexplained":0},
            "pool":{"threads":0,"wall_seconds":0,"parallel_efficiency":null,"seconds":{}}}
            """.ReplaceLineEndings(""),
            json["configurations"]![0]!.ToJsonString());
        Assert.Equal(
            """{"name":"runtime","tier":"eventpipe","up":true,"events":1,"lost":0,"missing":0}""",
            json["sources"]![0]!.ToJsonString());
        Assert.Equal(
            """
            {"iterations_closed":1,"iterations_incomplete":0,"beginnings_missing":0,"ends_missing":0,
            "iterations_nested":0,"iterations_moved":0,"units_doubted":0,"late_runtime_events":0,"late_scheduler_events":0,"chain_breaks":0,"contradictions":0,
            "unseen_wake_ups":0,"inferred_wake_ups":0,"inferred_waking_at_most_seconds":null}
            """.ReplaceLineEndings(""),
            json["timeline"]!.ToJsonString());
        Assert.Equal(
            """
            {"pool":{"threads":0,"wall_seconds":0,"parallel_efficiency":null,"seconds":{}},
            "run_queue":{"waits":2,"p50_seconds":1E-06,"p99_seconds":2E-06,"longest_seconds":2E-06},"suspensions":null}
            """.ReplaceLineEndings(""),
            json["process"]!.ToJsonString());
        Assert.Equal(
            """
            {"minor_fault_seconds":5E-07,"lowest_seconds":4E-07,"highest_seconds":6E-07,"rounds":7,"faults_per_round":1024}
            """.ReplaceLineEndings(""),
            json["calibration"]!.ToJsonString());
        Assert.Equal("""[{"command":"stress","seconds":2.5}]""", json["preempted_by"]!.ToJsonString());
        Assert.Equal("""[{"thread":"worker","by":"waking","seconds":3}]""", json["blocked_for"]!.ToJsonString());
    }
}
