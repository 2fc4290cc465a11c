using System.Globalization;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>A captured trace on the page: why, the unit's account, a picture of the moment, and the ways to the whole of it.</summary>
internal static class TraceCard
{
    private const int LaneHeight = 24;
    private const int PictureWidth = 1000;

    public static void Write(Html page, TraceDocument trace)
    {
        string at = trace.CapturedAt.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        page.Add($"""<section class="card" id="{trace.Id}"><h3>{trace.Unit?.Name ?? "No unit of work"}</h3><p class="reason">{trace.Reason}</p>""");
        page.Add($"""<p class="soft">{at} UTC · {trace.Target.Name} ({trace.Target.Pid})""");
        if (trace.Tiers.GetValueOrDefault("kernel") is var tier && tier != Tiers.Kernel) page.Add($" · kernel source: {tier ?? "none"}");
        page.Add($"</p>");
        if (trace.Losses > 0) page.Add($"""<p class="alert">Events are missing in {trace.Losses} {(trace.Losses == 1 ? "stretch" : "stretches")} of the trace.</p>""");
        if (trace.Unit is { } unit) WriteUnit(page, unit, trace.Trigger);
        if (trace.Timeline.Lanes.Count > 0) WritePicture(page, trace.Timeline);
        page.Add($"""<p class="actions"><button data-action="perfetto" data-id="{trace.Id}" data-title="{trace.Unit?.Name ?? trace.Reason}">Open in Perfetto</button><a class="button" href="/traces/{trace.Id}" download>Download {ForPeople.Bytes(trace.Bytes)}</a><a class="button" href="/traces/{trace.Id}.json">JSON</a></p></section>""");
    }

    private static void WriteUnit(Html page, TraceUnit unit, string trigger)
    {
        // The reason above tells the length of the unit that it is for, and one of the slowest its number.
        bool isWhy = trigger is TraceTrigger.SlowerThanMedian or TraceTrigger.SlowestOfHour;
        string kind = unit.Kind switch { "iteration" => "iteration", "request" => "request", _ => "unit" };
        string what = isWhy ? char.ToUpperInvariant(kind[0]) + kind[1..] : $"The slowest unit in it: {kind}";
        string where = unit.Threads > 1 ? $"on {unit.Threads} threads, first {unit.Thread}" : $"on {unit.Thread}";
        page.Add($"<p>{what} {unit.Iteration} {where}");
        if (!isWhy) page.Add($", {ForPeople.Time(unit.Wall)}");
        if (unit.Rank is { } rank && trigger == TraceTrigger.SlowerThanMedian) page.Add($", number {rank} of the slowest of its kind in that hour");
        page.Add($"</p>");
        StatusPage.WriteBar(page, unit.States.Select(state => (state.Key, state.Value)));
        page.Add($"""<p class="legend">""");
        foreach ((string state, double seconds) in unit.States)
            page.Add($"""<span><i class="{state}"></i>{state} {ForPeople.Time(seconds)}{(state == Names.State(AccountState.Awaiting) ? Awaited(unit) : "")}</span>""");
        page.Add($"</p>");
        if (unit.Causes.Count > 0)
        {
            page.Add($"<ul>");
            foreach (string cause in unit.Causes.Take(4)) page.Add($"<li>{cause}</li>");
            page.Add($"</ul>");
        }

        WriteHolders(page, "Preempted by", unit.PreemptedBy);
        WriteHolders(page, "Other threads preempted by", unit.OthersPreemptedBy);
        if (unit.Incomplete.Count > 0) page.Add($"""<p class="alert">The account is incomplete: {string.Join(", ", unit.Incomplete)}</p>""");
    }

    /// <summary>What it awaited, the longest first.</summary>
    private static string Awaited(TraceUnit unit) => unit.Awaited.Count == 0
        ? ""
        : $" ({string.Join(", ", unit.Awaited.OrderByDescending(part => part.Value).Select(part => $"{part.Key} {ForPeople.Time(part.Value)}"))})";

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

        page.Add($"""<span class="lane"></span><span class="axis"><span>0</span><span>{ForPeople.Time(picture.Microseconds / 2e6)}</span><span>{ForPeople.Time(picture.Microseconds / 1e6)}</span></span></div>""");
    }
}
