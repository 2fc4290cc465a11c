using System.Globalization;

namespace Observatory.Collector;

/// <summary>A captured trace on the page: why, the unit's account, a picture of the moment, and the ways to the whole of it.</summary>
internal static class TraceCard
{
    private const int LaneHeight = 24;
    private const int PictureWidth = 1000;

    public static void Write(Html page, TraceDocument trace)
    {
        string at = trace.CapturedAt.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        page.Add($"""<section class="card" id="{trace.Id}"><h3>{trace.Unit?.Name ?? "No unit of work"}</h3><p>{trace.Reason}</p>""");
        page.Add($"""<p class="soft">{at} UTC · {trace.Trigger} · {trace.Target.Name} ({trace.Target.Pid}) · kernel tier {trace.Tiers.GetValueOrDefault("kernel") ?? "none"} · {trace.Losses} losses</p>""");
        if (trace.Unit is { } unit) WriteUnit(page, unit);
        if (trace.Timeline.Lanes.Count > 0) WritePicture(page, trace.Timeline);
        page.Add($"""<p class="actions"><button data-action="perfetto" data-id="{trace.Id}" data-title="{trace.Unit?.Name ?? trace.Reason}">Open in Perfetto</button><a class="button" href="/traces/{trace.Id}" download>Download {ForPeople.Bytes(trace.Bytes)}</a><a class="button" href="/traces/{trace.Id}.json">JSON</a></p></section>""");
    }

    private static void WriteUnit(Html page, TraceUnit unit)
    {
        string what = unit.Kind switch { "iteration" => "Iteration", "request" => "Request", _ => "Unit" };
        string where = unit.Kind == "iteration" ? "on" : $"on {unit.Threads} {(unit.Threads == 1 ? "thread" : "threads")}, first";
        page.Add($"<p>{what} {unit.Iteration} {where} {unit.Thread}: {ForPeople.Time(unit.Wall)}");
        if (unit.Median is { } median) page.Add($", {unit.Wall / median:0.0} times the median of {ForPeople.Time(median)}");
        page.Add($"</p>");
        StatusPage.WriteBar(page, unit.States.Select(state => (state.Key, state.Value)));
        page.Add($"""<p class="legend">""");
        foreach ((string state, double seconds) in unit.States) page.Add($"""<span><i class="{state}"></i>{state} {ForPeople.Time(seconds)}</span>""");
        page.Add($"</p>");
        if (unit.Causes.Count > 0) page.Add($"<p>Causes: {string.Join("; ", unit.Causes.Take(4))}</p>");
        WriteHolders(page, "Preempted by", unit.PreemptedBy);
        WriteHolders(page, "Other threads preempted by", unit.OthersPreemptedBy);
        if (unit.Incomplete.Count > 0) page.Add($"<p>Incomplete: {string.Join(", ", unit.Incomplete)}</p>");
    }

    private static void WriteHolders(Html page, string title, IReadOnlyList<TraceHolder> holders)
    {
        if (holders.Count == 0) return;
        page.Add($"<p>{title}: {string.Join(", ", holders.Take(4).Select(holder => $"{holder.Command} {ForPeople.Time(holder.Seconds)}"))}</p>");
    }

    /// <summary>A row for each lane: its name as text, which keeps its size, and its slices, which take the width there is.</summary>
    private static void WritePicture(Html page, TraceTimeline picture)
    {
        double scale = PictureWidth / Math.Max(picture.Microseconds, 1e-3);
        page.Add($"""<div class="picture" role="img" aria-label="CPUs, threads and collections around the unit of work, {ForPeople.Time(picture.Microseconds / 1e6)}">""");
        foreach (TraceLane lane in picture.Lanes)
        {
            page.Add($"""<span class="lane" title="{lane.Name}">{lane.Name}</span><svg viewBox="0 0 {PictureWidth} {LaneHeight}" preserveAspectRatio="none">""");
            page.Add($"""<rect class="window" x="{picture.UnitFrom * scale}" y="0" width="{(picture.UnitTo - picture.UnitFrom) * scale}" height="{LaneHeight}"/>""");
            foreach (TraceSlice slice in lane.Slices)
            {
                double width = Math.Max(0.6, slice.Length * scale);
                page.Add($"""<rect class="{slice.Kind}" x="{slice.From * scale}" y="3" width="{width}" height="{LaneHeight - 6}"><title>{slice.Name} {ForPeople.Time(slice.Length / 1e6)}</title></rect>""");
            }

            page.Add($"</svg>");
        }

        page.Add($"</div>");
    }
}
