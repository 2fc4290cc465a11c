using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Observatory.Tests.Shared;

/// <summary>
/// A headless Chromium with a profile of its own, driven over its DevTools protocol. Dispose it and it has ended, and its
/// profile is gone.
/// </summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly string[] Programs = ["chromium", "chromium-browser", "google-chrome"];

    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("observatory-browser-");
    private readonly Process _process;
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _asked = new();
    private int _last;

    private Browser(string program, IEnumerable<string> switches)
    {
        _process = Process.Start(new ProcessStartInfo(program,
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-extensions", "--disable-sync",
            "--remote-debugging-port=0", $"--user-data-dir={_profile.FullName}", .. switches, "about:blank",
        ])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        // Read, or it would stand still once the pipe is full.
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>What pages complained about: exceptions, what their policy refused, what they could not load.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    /// <summary>Skips the test where there is none, else starts one.</summary>
    /// <param name="switches">What makes it a special one.</param>
    public static async Task<Browser> StartAsync(params string[] switches)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string? program = Programs.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        Assert.SkipUnless(program is not null, "needs Chromium: apt-get install chromium");
        var browser = new Browser(program!, switches);
        try
        {
            await browser.ConnectAsync();
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a page in a tab of its own and waits until it is loaded.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="width">Width of the window in pixels.</param>
    /// <param name="dark">Whether the person prefers dark pages.</param>
    public async Task<BrowserPage> OpenAsync(Uri address, int width = 1600, bool dark = false)
    {
        JsonNode made = await SendAsync("Target.createTarget", new { url = "about:blank" });
        JsonNode attached = await SendAsync("Target.attachToTarget", new { targetId = (string)made["targetId"]!, flatten = true });
        var page = new BrowserPage(this, (string)attached["sessionId"]!);
        await page.BeginAsync(address, width, dark);
        return page;
    }

    /// <summary>Gives a command and waits for its answer.</summary>
    /// <exception cref="InvalidOperationException">The browser refused it, and says why.</exception>
    public async Task<JsonNode> SendAsync(string method, object? parameters = null, string? session = null)
    {
        int id = Interlocked.Increment(ref _last);
        var answer = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = answer;
        byte[] message = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>
        {
            ["id"] = id, ["method"] = method, ["params"] = parameters ?? new { }, ["sessionId"] = session,
        }.Where(part => part.Value is not null).ToDictionary());
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
        }
        finally
        {
            _sending.Release();
        }

        return await answer.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _socket.Dispose();
        _sending.Dispose();
        for (int attempt = 0; _profile.Exists && attempt < 50; attempt++)
        {
            try
            {
                _profile.Delete(recursive: true);
                return;
            }
            catch (IOException)
            {
                // One of its processes was still at it.
                await Task.Delay(100, CancellationToken.None);
                _profile.Refresh();
            }
        }
    }

    private async Task ConnectAsync()
    {
        string told = Path.Combine(_profile.FullName, "DevToolsActivePort");
        long begun = Stopwatch.GetTimestamp();
        string[] lines = [];
        while (lines.Length < 2)
        {
            if (_process.HasExited) throw new InvalidOperationException($"the browser ended with {_process.ExitCode}");
            if (Stopwatch.GetElapsedTime(begun) > Limit) throw new TimeoutException("the browser did not say where it listens");
            await Task.Delay(50, TestContext.Current.CancellationToken);
            if (File.Exists(told)) lines = await File.ReadAllLinesAsync(told, TestContext.Current.CancellationToken);
        }

        await _socket.ConnectAsync(new Uri($"ws://127.0.0.1:{lines[0]}{lines[1]}"), TestContext.Current.CancellationToken);
        _ = ReadAsync();
    }

    private async Task ReadAsync()
    {
        var piece = new byte[1 << 16];
        using var whole = new MemoryStream();
        try
        {
            while (true)
            {
                WebSocketReceiveResult read = await _socket.ReceiveAsync(piece, CancellationToken.None);
                if (read.MessageType == WebSocketMessageType.Close) return;
                whole.Write(piece, 0, read.Count);
                if (!read.EndOfMessage) continue;
                Take(JsonNode.Parse(whole.ToArray())!);
                whole.SetLength(0);
            }
        }
        catch (Exception gone) when (gone is WebSocketException or ObjectDisposedException)
        {
            foreach (TaskCompletionSource<JsonNode> waiting in _asked.Values) waiting.TrySetException(new InvalidOperationException("the browser is gone"));
        }
    }

    private void Take(JsonNode message)
    {
        if ((int?)message["id"] is { } id && _asked.TryRemove(id, out TaskCompletionSource<JsonNode>? waiting))
        {
            if (message["error"] is { } error) waiting.TrySetException(new InvalidOperationException(error.ToJsonString()));
            else waiting.TrySetResult(message["result"]!);
            return;
        }

        if ((string?)message["method"] == "Runtime.exceptionThrown") Complaints.Enqueue(message["params"]!.ToJsonString());
        if ((string?)message["method"] == "Log.entryAdded" && (string?)message["params"]!["entry"]!["level"] == "error")
            Complaints.Enqueue(message["params"]!["entry"]!.ToJsonString());
    }
}

/// <summary>A tab of a <see cref="Browser"/>.</summary>
internal sealed class BrowserPage(Browser browser, string session)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public async Task BeginAsync(Uri address, int width, bool dark)
    {
        await SendAsync("Runtime.enable");
        await SendAsync("Log.enable");
        await SendAsync("Page.enable");
        await SendAsync("Emulation.setDeviceMetricsOverride", new { width, height = 1000, deviceScaleFactor = 1, mobile = false });
        await SendAsync("Emulation.setEmulatedMedia", new { features = new[] { new { name = "prefers-color-scheme", value = dark ? "dark" : "light" } } });
        await GoAsync(address);
    }

    /// <summary>Goes to an address and waits until the page is loaded.</summary>
    public async Task GoAsync(Uri address)
    {
        await SendAsync("Page.navigate", new { url = address.AbsoluteUri });
        await UntilAsync($"document.readyState === 'complete' && location.href === {JsonSerializer.Serialize(address.AbsoluteUri)}");
    }

    /// <summary>The value of an expression in the page, waited for where it is a promise.</summary>
    /// <param name="expression">JavaScript.</param>
    /// <exception cref="InvalidOperationException">It threw.</exception>
    public async Task<JsonNode?> AskAsync(string expression)
    {
        // As if a person had done it: only then may a page open another one.
        JsonNode answer = await SendAsync("Runtime.evaluate", new { expression, returnByValue = true, awaitPromise = true, userGesture = true });
        return answer["exceptionDetails"] is { } thrown ? throw new InvalidOperationException(thrown.ToJsonString()) : answer["result"]!["value"];
    }

    /// <summary>Waits until an expression is true.</summary>
    public async Task UntilAsync(string expression)
    {
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                if ((bool?)await AskAsync($"!!({expression})") == true) return;
            }
            catch (InvalidOperationException)
            {
                // The page was just changing.
            }

            if (Stopwatch.GetElapsedTime(begun) > Limit) throw new TimeoutException($"Waited in vain for {expression}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Keeps a picture of the whole page, where OBSERVATORY_SCREENSHOTS names a folder to look at it.</summary>
    public async Task KeepAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("OBSERVATORY_SCREENSHOTS") is not { Length: > 0 } folder) return;
        JsonNode picture = await SendAsync("Page.captureScreenshot", new { captureBeyondViewport = true });
        await File.WriteAllBytesAsync(Path.Combine(folder, $"{name}.png"), Convert.FromBase64String((string)picture["data"]!), TestContext.Current.CancellationToken);
    }

    private Task<JsonNode> SendAsync(string method, object? parameters = null) => browser.SendAsync(method, parameters, session);
}
