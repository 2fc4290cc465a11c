using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>What the page shows, asked anew for each answer.</summary>
/// <param name="Rows">Accounts by configuration.</param>
/// <param name="Why">The causes that were found; where asked for, with slow units compared with the others, which takes longer.</param>
/// <param name="Sources">What sees them.</param>
/// <param name="Traces">Where the traces are; null when none are kept.</param>
/// <param name="Recorder">The flight recorder; null until there is a target.</param>
/// <param name="Target">Name and id of the target; null until there is one.</param>
internal sealed record PageState(
    Func<IReadOnlyList<SummaryRow>> Rows,
    Func<bool, WhyReport> Why,
    IReadOnlyList<SourceStatus> Sources,
    TraceStore? Traces,
    Func<TraceRecorder?> Recorder,
    Func<string?> Target);

/// <summary>The page at the collector's root, made on the server: what runs, where its time goes, and the traces of what was slow.</summary>
internal static class StatusPage
{
    private const int MostTraces = 50;
    private const int MostCauses = 6;

    /// <param name="state">What to show.</param>
    /// <param name="slowestFirst">The slowest traces first instead of the newest.</param>
    /// <param name="asked">Id of the trace that a link from elsewhere leads to; null for none.</param>
    public static string Write(PageState state, bool slowestFirst, string? asked = null)
    {
        var page = new Html();
        page.Add($"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Observatory</title><link rel="stylesheet" href="/page.css"><script src="/page.js" defer></script></head><body>
            <main><div id="live">
            """);
        WriteHead(page, state);
        page.Add($"</div>");
        if (asked is not null) WriteAsked(page, state.Traces, asked);
        page.Add($"""<div id="accounts">""");
        WriteAccounts(page, state.Rows());
        WriteSources(page, state.Sources);
        page.Add($"</div>");
        WriteTraces(page, state, slowestFirst, asked);
        page.Add($"""</main><p class="soft"><a href="/metrics">metrics</a> · <a href="/healthz">health</a> · <a href="/traces">traces as JSON</a></p></body></html>""");
        return page.ToString();
    }

    private static void WriteHead(Html page, PageState state)
    {
        page.Add($"<h1>Observatory: {state.Target() ?? "waiting for a target"}</h1>");
        IReadOnlyList<SummaryRow> rows = state.Rows();
        if (rows.FirstOrDefault(row => row.IsNewest) is { } now)
            page.Add($"<p>Runs now: <b>{now.Unit}</b>, median {ForPeople.Time(now.Median.Seconds)}, 99th percentile {ForPeople.Time(now.P99.Seconds)}</p>");
        else if (rows.Count == 0)
            page.Add($"""<p class="soft">No unit of work has ended yet.</p>""");
        if (state.Target() is not null) WriteWhy(page, state.Why(false));
    }

    /// <summary>The answer, and what it is made of: of units where there are any, else of all threads.</summary>
    private static void WriteWhy(Html page, WhyReport why)
    {
        page.Add($"""<p class="answer">{why.Verdict}</p>""");
        IReadOnlyList<CauseLine> lines = why.Units > 0 ? why.Causes : why.Process?.Causes ?? [];
        if (lines.Count == 0) return;
        page.Add($"""<div class="wide"><table class="causes">""");
        foreach (CauseLine line in lines.Take(MostCauses))
        {
            string advice = line.Advice is { } what && line.Share >= WhyReport.LeastShare ? what : "";
            page.Add($"""<tr><td class="number">{(line.AtMost ? "at most " : "")}{CauseText.Percent(line.Share)}</td><td class="number">{ForPeople.Time(line.Seconds)}</td><td>{line.What} """);
            if (advice.Length > 0) page.Add($"""<span class="soft advice">{advice}</span>""");
            page.Add($"</td></tr>");
        }

        page.Add($"</table></div>");
    }

    private static void WriteAccounts(Html page, IReadOnlyList<SummaryRow> rows)
    {
        if (rows.Count == 0) return;
        page.Add($"<h2>Where the time goes</h2>");
        bool hasRequests = rows.Any(row => row.Request is not null);
        // Only requests wait where no thread works on them.
        AccountState[] states = hasRequests ? StateTimes.UnitStates : StateTimes.States;
        WriteLegend(page, states);
        page.Add($"""<div class="wide"><table class="accounts"><tr><th>{(hasRequests ? "Unit" : "Configuration")}</th><th class="number">{(hasRequests ? "Count" : "Iterations")}</th><th class="number">Median</th><th class="number hide-narrow">95th percentile</th><th>Wall time by state</th></tr>""");
        foreach (SummaryRow row in rows)
        {
            page.Add($"""<tr><td>{row.Unit}</td><td class="number">{ForPeople.Count(row.Iterations)}</td><td class="number">{ForPeople.Time(row.Median.Seconds)}</td><td class="number hide-narrow">{ForPeople.Time(row.P95.Seconds)}</td><td class="bar">""");
            StateTimes times = row.Times;
            WriteBar(page, states.Select(state => (Names.State(state), times[state].Seconds)));
            page.Add($"</td></tr>");
        }

        page.Add($"</table></div>");
    }

    private static void WriteSources(Html page, IReadOnlyList<SourceStatus> sources)
    {
        page.Add($"""<h2>Sources</h2><div class="wide"><table class="sources"><tr><th>Source</th><th>Tier</th><th class="number">Events</th><th class="number">Lost</th><th class="hide-narrow">Detail</th></tr>""");
        foreach (SourceStatus source in sources)
        {
            long lost = source.Lost + source.Missing;
            page.Add($"""<tr><td>{source.Name}</td><td>{source.Tier}</td><td class="number">{ForPeople.Count(source.Events)}</td><td class="number {(lost > 0 ? "alert" : "")}">{ForPeople.Count(lost)}</td><td class="detail soft">{source.Detail}</td></tr>""");
        }

        page.Add($"</table></div>");
    }

    /// <summary>The trace of an exemplar or an annotation, whatever became of it.</summary>
    private static void WriteAsked(Html page, TraceStore? store, string asked)
    {
        page.Add($"<h2>Trace {asked[..Math.Min(asked.Length, 32)]}</h2>");
        if (store?.Find(asked) is { } trace)
        {
            page.Add($"""<div class="cards">""");
            TraceCard.Write(page, trace);
            page.Add($"</div>");
            return;
        }

        var kept = new TraceRetention();
        page.Add($"""<p class="soft">It is not here. Either it could not be written (then the collector's log says why, and observatory_traces_failed_total counts it), or it was removed since: the newest {kept.Count} are kept, at most {ForPeople.Bytes(kept.Bytes)}, for {kept.Age.TotalDays:0} days.</p>""");
    }

    private static void WriteTraces(Html page, PageState state, bool slowestFirst, string? asked)
    {
        page.Add($"<h2>Captured traces</h2>");
        if (state.Traces is not { } store)
        {
            page.Add($"""<p class="soft">None are kept: --traces none, or no folder for them.</p>""");
            return;
        }

        IReadOnlyList<TraceDocument> traces = store.List();
        page.Add($"""<p class="actions"><button data-action="capture">Capture now</button> <a class="button" href="/?sort={(slowestFirst ? "newest" : "slowest")}">{(slowestFirst ? "Newest first" : "Slowest first")}</a> <a class="button" id="newer" href="{(slowestFirst ? "/?sort=slowest" : "/")}" hidden></a></p>""");
        page.Add($"""<p class="soft" id="recorder">""");
        if (state.Recorder() is { } recorder)
            page.Add($"The flight recorder reaches {ForPeople.Time(recorder.Age.Seconds)} back and holds {ForPeople.Bytes(recorder.Bytes)}.");
        page.Add($"</p>");
        if (traces.Count == 0)
        {
            page.Add($"""<p class="soft">None yet. A trace is captured when a unit takes three times the median of its kind, is among the slowest of the hour, at a long collection, and at a loss.</p>""");
            return;
        }

        WriteKey(page);
        IEnumerable<TraceDocument> sorted = slowestFirst ? traces.OrderByDescending(trace => trace.Unit?.Wall ?? 0) : traces;
        page.Add($"""<div class="cards">""");
        // An id stands once on a page: the one that was asked for is above.
        foreach (TraceDocument trace in sorted.Where(trace => trace.Id != asked).Take(MostTraces)) TraceCard.Write(page, trace);
        page.Add($"</div>");
        if (traces.Count > MostTraces) page.Add($"""<p class="soft">{traces.Count - MostTraces} more: <a href="/traces">all as JSON</a>.</p>""");
    }

    /// <summary>What the colours of the small pictures mean, once for all of them.</summary>
    private static void WriteKey(Html page) => page.Add($"""
        <p class="legend soft"><span>In the pictures, on a CPU: <i class="target"></i>the target <i class="other"></i>another process</span>
        <span>on a thread: the colours of the states, blank where it sleeps</span><span><i class="window"></i>the unit of work</span></p>
        """);

    private static void WriteLegend(Html page, AccountState[] states)
    {
        page.Add($"""<p class="legend">""");
        foreach (AccountState state in states) page.Add($"""<span><i class="{Names.State(state)}"></i>{Names.State(state)}</span>""");
        page.Add($"</p>");
    }

    /// <summary>A bar of parts that add up to its whole width.</summary>
    internal static void WriteBar(Html page, IEnumerable<(string Kind, double Value)> parts)
    {
        (string Kind, double Value)[] all = [.. parts.Where(part => part.Value > 0)];
        double total = all.Sum(part => part.Value);
        string words = string.Join(", ", all.Select(part => $"{part.Kind} {part.Value / total * 100:0.0} %"));
        page.Add($"""<svg viewBox="0 0 1000 10" preserveAspectRatio="none" height="16" role="img" aria-label="{words}"><title>{words}</title>""");
        double from = 0;
        foreach ((string kind, double value) in all)
        {
            double width = value / total * 1000;
            page.Add($"""<rect class="{kind}" x="{from}" y="0" width="{width}" height="10"/>""");
            from += width;
        }

        page.Add($"</svg>");
    }
}
