namespace Observatory.Kernel;

/// <summary>Waiting for rings to fill; poll(2).</summary>
internal static class RingPoll
{
    public static PollRequest Of(EventRing ring) =>
        new() { Descriptor = ring.PollDescriptor, Requested = PollRequest.Readable };

    /// <param name="polls">What was returned stays in them.</param>
    /// <param name="timeout">Rounded up to milliseconds; negative waits without limit.</param>
    /// <returns>True when a ring passed its watermark.</returns>
    public static bool Wait(PollRequest[] polls, TimeSpan timeout)
    {
        int milliseconds = (int)Math.Clamp(Math.Ceiling(timeout.TotalMilliseconds), -1, int.MaxValue);
        if (Libc.Poll(polls, (nuint)polls.Length, milliseconds) <= 0)
        {
            foreach (ref PollRequest poll in polls.AsSpan()) poll.Returned = 0;
            return false;
        }

        bool isReadable = false;
        foreach (ref PollRequest poll in polls.AsSpan())
        {
            if ((poll.Returned & PollRequest.Readable) != 0) isReadable = true;
            // An event that hung up would make every later call return at once.
            if ((poll.Returned & ~PollRequest.Readable) != 0) poll.Descriptor = -1;
        }

        return isReadable;
    }
}
