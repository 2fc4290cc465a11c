namespace Observatory.Timeline.Tests;

/// <summary>An event as a source wrote it.</summary>
/// <param name="Event">What it says.</param>
/// <param name="Thread">Whom it truly concerns, where the event itself no longer knows.</param>
/// <param name="Lost">Did not get through.</param>
/// <param name="Reported">The gap it fell into is reported.</param>
internal sealed record Written(TimelineEvent Event, int Thread, bool Lost = false, bool Reported = false);
