namespace Observatory.EndToEnd.Tests;

/// <summary>
/// The dashboards against Grafana's own published types, as tests/dashboards/check.ts finds them; it runs once for all
/// tests, and says of each thing in a line whether it is as it should be.
/// </summary>
/// <param name="check">What it said.</param>
public sealed class DashboardTypeTests(DashboardTypeTests.Check check) : IClassFixture<DashboardTypeTests.Check>
{
    public static TheoryData<string> Files => Dashboard.Files;

    [Theory]
    [MemberData(nameof(Files))]
    public void Grafana_knows_every_property_and_every_value(string file) => IsFine($"types {file}");

    [Theory]
    [MemberData(nameof(Files))]
    public void The_file_is_what_its_source_writes(string file) => IsFine($"source {file}");

    [Fact]
    public void The_types_are_those_of_the_grafana_of_the_stack() => IsFine("version");

    /// <summary>Of each kind of mistake one is made on purpose: a check that finds none could not find a true one either.</summary>
    [Fact]
    public void Every_planted_mistake_is_found()
    {
        string[] planted = [.. check.Lines.Where(line => line.Contains(" planted ", StringComparison.Ordinal))];
        Assert.True(planted.Length >= 20, $"only {planted.Length} mistakes are planted");
        Assert.All(planted, line => Assert.StartsWith("ok ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_that_it_says_is_left_out_here() => Assert.All(check.Lines, line => Assert.Contains(
        line.Split(' ')[1].TrimEnd(':'), (string[])["types", "source", "version", "planted"]));

    private void IsFine(string what) => Assert.Contains($"ok {what}", check.Lines);

    /// <summary>Runs it, if this machine can.</summary>
    public sealed class Check : IAsyncLifetime
    {
        private const string Folder = "tests/dashboards";
        private string[] _lines = [];

        internal IReadOnlyList<string> Lines
        {
            get
            {
                Assert.SkipUnless(CanRun, "needs Node 18 or later and its packages: apt-get install nodejs npm; npm ci --prefix tests/dashboards");
                return _lines;
            }
        }

        private static bool CanRun =>
            Programs.Exists("npm") && Directory.Exists(Built.InRepository($"{Folder}/node_modules/typescript"));

        public async ValueTask InitializeAsync()
        {
            if (!CanRun) return;
            FinishedProcess ended = await RunningProcess.RunAsync(
                "npm", ["run", "--silent", "--prefix", Built.InRepository(Folder), "check"], limit: TimeSpan.FromMinutes(5));
            _lines = ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            // A missing line says what is wrong by itself; no line at all says it on standard error.
            if (_lines.Length == 0) throw new InvalidOperationException($"The check said nothing: {ended.Error}");
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
