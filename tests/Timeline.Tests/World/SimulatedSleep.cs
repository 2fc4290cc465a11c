namespace Observatory.Timeline.Tests;

/// <summary>A sleep that was ended by a wake-up.</summary>
/// <param name="Thread">Who slept.</param>
/// <param name="From">First nanosecond.</param>
/// <param name="To">When it was woken.</param>
/// <param name="Waker">Who woke it.</param>
internal sealed record SimulatedSleep(int Thread, long From, long To, int Waker);
