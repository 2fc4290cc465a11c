using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace Observatory.Study.Tests;

/// <summary>The page as a browser has it: a script in the page clicks and types as a reader would, and says what it saw.</summary>
public sealed class BrowserTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly string? Chromium = new[] { "chromium", "chromium-browser", "google-chrome" }
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    private static readonly StudyResults Results = new SyntheticStudy
    {
        Batches = [1, 8, 64], Sequences = [512, 1024], Dims = [128, 1024], Visits = [.. Enumerable.Repeat(5, 6)],
        Latency = (batch, sequence, dim) => 1e-9 * batch * sequence * dim, Memory = (batch, sequence, dim) => 8 * batch * sequence * dim,
    }.Results();

    /// <summary>What is done to the table of configurations; the page is replaced by what was seen.</summary>
    private const string Reader = """
        <script>
        addEventListener('load', () => setTimeout(() => {
          const section = document.getElementById('configurations'), table = section.querySelector('table.data'), filter = section.querySelector('input.filter');
          const heads = [...table.querySelectorAll('th')], head = text => heads.find(one => one.textContent === text);
          const column = text => [...table.tBodies[0].rows].filter(row => row.offsetParent !== null).map(row => row.cells[heads.indexOf(head(text))].textContent);
          const type = text => { filter.value = text; filter.dispatchEvent(new Event('input')); };
          const seen = { width: innerWidth, page: document.documentElement.scrollWidth, before: column('median') };
          head('median').click();
          seen.up = column('median');
          seen.arrow = head('median').getAttribute('aria-sort');
          head('median').click();
          seen.down = column('median');
          head('batch').focus();
          document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
          seen.byKeyboard = column('batch');
          type('linear 1024');
          seen.filtered = [...table.tBodies[0].rows].filter(row => row.offsetParent !== null).map(row => [...row.cells].slice(0, 4).map(cell => cell.textContent).join(' '));
          type('no such row');
          seen.none = column('median').length;
          type('');
          seen.all = column('median').length;
          const wide = table.parentElement;
          wide.scrollLeft = 200;
          seen.scrolled = wide.scrollLeft > 0;
          seen.key = table.tBodies[0].rows[0].cells[0].getBoundingClientRect().left - wide.getBoundingClientRect().left;
          const text = document.createElement('pre');
          text.id = 'seen';
          text.textContent = JSON.stringify(seen);
          document.body.replaceChildren(text);
        }, 50));
        </script>
        """;

    [Theory]
    [InlineData(1600)]
    [InlineData(400)]
    public async Task A_reader_sorts_and_filters_the_table(int width)
    {
        JsonElement seen = await SeenAsync(width);

        string[] before = Texts(seen, "before"), up = Texts(seen, "up");
        Assert.Equal(12, before.Length);
        Assert.Equal(before.Select(Seconds).Order(), up.Select(Seconds));
        Assert.NotEqual(before, up);
        Assert.Equal("ascending", seen.GetProperty("arrow").GetString());
        Assert.Equal(up.Select(Seconds).Reverse(), Texts(seen, "down").Select(Seconds));
        Assert.Equal(Enumerable.Repeat("1", 4).Concat(Enumerable.Repeat("8", 4)).Concat(Enumerable.Repeat("64", 4)), Texts(seen, "byKeyboard"));
        // Sequence or dim: every row but those of 512 and 128.
        string[] filtered = Texts(seen, "filtered");
        Assert.Equal(9, filtered.Length);
        Assert.All(filtered, row => Assert.Contains("1024", row));
        Assert.Equal((0, 12), (seen.GetProperty("none").GetInt32(), seen.GetProperty("all").GetInt32()));
    }

    [Theory]
    [InlineData(1600)]
    [InlineData(400)]
    public async Task The_page_is_as_wide_as_its_window_and_keeps_the_names_of_rows_in_view(int width)
    {
        JsonElement seen = await SeenAsync(width);

        Assert.InRange(seen.GetProperty("page").GetInt32(), 1, seen.GetProperty("width").GetInt32());
        Assert.InRange(seen.GetProperty("key").GetDouble(), -1, 1);
        Assert.True(width > 1000 || seen.GetProperty("scrolled").GetBoolean());
    }

    [Fact]
    public async Task It_prints_on_pages_with_nothing_to_click()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string page = Path.Combine(folder, "a.html"), print = Path.Combine(folder, "a.pdf");
            await File.WriteAllTextAsync(page, StudyReport.Html(StudyFindings.From(Results)));
            await RunAsync($"--print-to-pdf={print}", "--no-pdf-header-footer", page);
            string document = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(print));

            Assert.StartsWith("%PDF-", document);
            Assert.InRange(document.Split("/Type /Page\n").Length - 1, 3, 40);
            Assert.DoesNotContain("filter rows", document);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<JsonElement> SeenAsync(int width)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string page = Path.Combine(folder, "a.html");
            await File.WriteAllTextAsync(page, StudyReport.Html(StudyFindings.From(Results)).Replace("</body>", Reader + "</body>"));
            string document = await RunAsync("--dump-dom", "--virtual-time-budget=5000", $"--window-size={width},1000", page);
            string text = document.Split("<pre id=\"seen\">") is [_, var rest] ? rest.Split("</pre>")[0] : throw new InvalidOperationException(document[..Math.Min(2000, document.Length)]);
            return JsonDocument.Parse(WebUtility.HtmlDecode(text)).RootElement;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Standard output of the browser, which has ended.</summary>
    private static async Task<string> RunAsync(params string[] arguments)
    {
        Assert.SkipWhen(Chromium is null, "Needs Chromium: apt-get install chromium.");
        string profile = Directory.CreateTempSubdirectory().FullName;
        var start = new ProcessStartInfo(Chromium!, ["--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={profile}", .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            using var limit = new CancellationTokenSource(Limit);
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token), errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, await errors);
            return await output;
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            Directory.Delete(profile, recursive: true);
        }
    }

    private static string[] Texts(JsonElement seen, string name) => [.. seen.GetProperty(name).EnumerateArray().Select(one => one.GetString()!)];

    /// <summary>A latency as the table writes it.</summary>
    private static double Seconds(string text) => double.Parse(text.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)
        * text.Split(' ')[1] switch { "s" => 1, "ms" => 1e-3, "us" => 1e-6, _ => 1e-9 };
}
