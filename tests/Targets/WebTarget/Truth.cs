using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Observatory.Kernel;

namespace Observatory.WebTarget;

/// <summary>
/// Ground truth: which request a thread works for, from inside. The runtime calls <see cref="Changed"/> on the thread itself
/// whenever that thread turns to another request, or to none; the thread's CPU clock, read there, says what the one before cost.
/// </summary>
internal static class Truth
{
    private static readonly AsyncLocal<RequestTruth?> Current = new(Changed);
    private static readonly ConcurrentQueue<RequestTruth> Begun = [];
    private static long s_numbers;
    [ThreadStatic] private static long t_since;
    [ThreadStatic] private static long t_from;
    [ThreadStatic] private static int t_thread;

    /// <summary>A middleware: the request that passes keeps its books.</summary>
    public static async Task KeepAsync(HttpContext context, Func<Task> next)
    {
        var request = new RequestTruth(
            Interlocked.Increment(ref s_numbers), $"{context.Request.Method} {context.Request.Path}", MonotonicClock.NowNanoseconds(), ThreadId());
        Begun.Enqueue(request);
        Current.Value = request;
        try
        {
            await next();
        }
        finally
        {
            Settle(request);
            request.End(MonotonicClock.NowNanoseconds());
            Current.Value = null;
        }
    }

    /// <summary>The request that the thread works for was in the thread pool's queue for so long, in nanoseconds.</summary>
    public static void Queued(long time) => Current.Value?.Queue(time);

    /// <summary>A line for each request, those that are still open included, whose end is 0.</summary>
    public static async Task WriteAsync(string path)
    {
        await using StreamWriter file = File.CreateText(path);
        foreach (RequestTruth request in Begun)
            await file.WriteLineAsync(JsonSerializer.Serialize(request, TruthJson.Default.RequestTruth));
    }

    private static void Changed(AsyncLocalValueChangedArgs<RequestTruth?> change)
    {
        if (change.PreviousValue is { } left) Settle(left);
        else (t_since, t_from) = (ThreadCpuClock.NowNanoseconds(), MonotonicClock.NowNanoseconds());
    }

    private static void Settle(RequestTruth request)
    {
        (long now, long at) = (ThreadCpuClock.NowNanoseconds(), MonotonicClock.NowNanoseconds());
        request.Work(new Hop(ThreadId(), t_from, at, now - t_since));
        (t_since, t_from) = (now, at);
    }

    // The link reads PID/task/TID. A thread keeps its number, so each looks once.
    private static int ThreadId()
    {
        if (t_thread == 0) t_thread = int.Parse(Path.GetFileName(new FileInfo("/proc/thread-self").LinkTarget!), System.Globalization.CultureInfo.InvariantCulture);
        return t_thread;
    }
}

/// <summary>The books of one request.</summary>
/// <param name="number">In the order in which they began.</param>
/// <param name="name">Method and path.</param>
/// <param name="began">CLOCK_MONOTONIC, nanoseconds: inside the server's own start and stop.</param>
/// <param name="thread">Thread id of the one that took it first.</param>
internal sealed class RequestTruth(long number, string name, long began, int thread)
{
    private long _ended;
    private long _cpu;
    private long _late;
    private long _queued;
    private readonly ConcurrentQueue<Hop> _hops = [];

    public long Number => number;

    public string Name => name;

    [JsonPropertyName("began_ns")] public long Began => began;

    /// <summary>0 while it is open.</summary>
    [JsonPropertyName("ended_ns")] public long Ended => _ended;

    public int Thread => thread;

    /// <summary>CPU time of all threads while they worked for it.</summary>
    [JsonPropertyName("cpu_ns")] public long Cpu => _cpu;

    /// <summary>CPU time in its name after it had ended.</summary>
    [JsonPropertyName("late_cpu_ns")] public long Late => _late;

    /// <summary>Time in the thread pool's queue, as far as its endpoint measures it.</summary>
    [JsonPropertyName("queued_ns")] public long Queued => _queued;

    /// <summary>Each stretch in which a thread worked for it, in the order in which they ended.</summary>
    public IReadOnlyCollection<Hop> Hops => _hops;

    public void Work(Hop hop)
    {
        Interlocked.Add(ref Volatile.Read(ref _ended) == 0 ? ref _cpu : ref _late, hop.Cpu);
        _hops.Enqueue(hop);
    }

    public void Queue(long time) => Interlocked.Add(ref _queued, time);

    public void End(long at) => Volatile.Write(ref _ended, at);
}

/// <summary>A stretch in which one thread worked for one request.</summary>
/// <param name="Thread">Thread id.</param>
/// <param name="From">CLOCK_MONOTONIC, nanoseconds.</param>
/// <param name="To">The same.</param>
/// <param name="Cpu">CPU time of the thread in between.</param>
internal readonly record struct Hop(
    int Thread, [property: JsonPropertyName("from_ns")] long From, [property: JsonPropertyName("to_ns")] long To, [property: JsonPropertyName("cpu_ns")] long Cpu);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RequestTruth))]
internal sealed partial class TruthJson : JsonSerializerContext;
