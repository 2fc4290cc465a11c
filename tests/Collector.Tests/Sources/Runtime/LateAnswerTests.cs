namespace Observatory.Collector.Tests;

public sealed class LateAnswerTests : IDisposable
{
    private readonly TaskCompletionSource<Session> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Session _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task A_session_that_comes_in_time_stays_open()
    {
        Task<Session> answered = _asked.Task.WithinAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        _asked.SetResult(_session);
        Assert.Same(_session, await answered);
        Assert.False(_session.IsClosed.IsCompleted);
    }

    [Fact]
    public async Task A_session_that_comes_too_late_is_closed()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => _asked.Task.WithinAsync(TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken));
        _asked.SetResult(_session);
        await _session.IsClosed.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_session_that_comes_after_it_was_given_up_is_closed()
    {
        using var over = new CancellationTokenSource();
        Task<Session> answered = _asked.Task.WithinAsync(TimeSpan.FromMinutes(1), over.Token);
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answered);
        _asked.SetResult(_session);
        await _session.IsClosed.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    private sealed class Session : IDisposable
    {
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task IsClosed => _closed.Task;

        public void Dispose() => _closed.TrySetResult();
    }
}
