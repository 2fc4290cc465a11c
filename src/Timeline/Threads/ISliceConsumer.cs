namespace Observatory.Timeline;

/// <summary>Follows what becomes of the threads of the target.</summary>
internal interface ISliceConsumer
{
    /// <summary>A thread is known from now on; its state is not.</summary>
    void Appeared(ThreadTrack thread)
    {
    }

    /// <summary>A state of a thread ended.</summary>
    void Closed(in Slice slice);

    /// <summary>A thread is about to have another role.</summary>
    void Becomes(ThreadTrack thread, ThreadRole role)
    {
    }

    /// <summary>A thread is gone, its last slice told.</summary>
    void Gone(ThreadTrack thread)
    {
    }
}
