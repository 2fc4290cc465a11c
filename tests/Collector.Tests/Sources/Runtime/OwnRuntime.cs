using Microsoft.Diagnostics.NETCore.Client;

namespace Observatory.Collector.Tests;

/// <summary>Tests that observe the runtime of this process: what another test does meanwhile would be in their streams.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OwnRuntime
{
    public const string Name = "the runtime of this process";

    /// <summary>A session as the collector asks for it at the default level, without counters and without a heartbeat.</summary>
    internal static Task<EventPipeSession> StartSessionAsync(int bufferMegabytes) =>
        new DiagnosticsClient(Environment.ProcessId).StartEventPipeSessionAsync(
            RuntimeEventIds.Session(
                new SessionRequest(SessionProviders.Exact(EventDetail.Default), WithStacks: false, ""),
                bufferMegabytes,
                new SessionExtras(OwnCounters: false, Group: null, Heartbeat: false)),
            TestContext.Current.CancellationToken);
}
