using System.Diagnostics;

namespace Observatory.EndToEnd.Tests;

/// <summary>Waits for a condition with a limit, never for a fixed time.</summary>
internal static class Eventually
{
    /// <summary>Reads until what is read satisfies; a reading that fails counts as one that does not satisfy yet.</summary>
    /// <param name="what">Completes the sentence "Waited in vain for ...".</param>
    /// <param name="read">Makes one reading.</param>
    /// <param name="satisfies">Whether it is the one waited for.</param>
    /// <param name="limit">Null for <see cref="Limits.Condition"/>.</param>
    /// <returns>The first reading that satisfies.</returns>
    public static async Task<T> GetAsync<T>(
        string what, Func<Task<T>> read, Func<T, bool> satisfies, TimeSpan? limit = null)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        long begun = Stopwatch.GetTimestamp();
        string last = "nothing was read";
        do
        {
            try
            {
                T value = await read();
                if (satisfies(value)) return value;
                last = $"last read: {Describe(value)}";
            }
            catch (Exception problem) when (problem is HttpRequestException or IOException or TaskCanceledException)
            {
                cancellation.ThrowIfCancellationRequested();
                last = problem.Message;
            }

            await Task.Delay(Limits.Poll, cancellation);
        }
        while (Stopwatch.GetElapsedTime(begun) < (limit ?? Limits.Condition));
        throw new TimeoutException($"Waited in vain for {what}; {last}");
    }

    /// <summary>Waits until the condition holds.</summary>
    public static async Task TrueAsync(string what, Func<Task<bool>> condition, TimeSpan? limit = null) =>
        await GetAsync(what, condition, holds => holds, limit);

    /// <summary>Waits until the condition holds.</summary>
    public static Task TrueAsync(string what, Func<bool> condition, TimeSpan? limit = null) =>
        TrueAsync(what, () => Task.FromResult(condition()), limit);

    private static string? Describe<T>(T value) => value is System.Collections.IEnumerable items and not string
        ? $"[{string.Join(", ", items.Cast<object>())}]"
        : value?.ToString();
}
