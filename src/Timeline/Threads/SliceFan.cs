namespace Observatory.Timeline;

/// <summary>Tells several consumers, in their order.</summary>
internal sealed class SliceFan : ISliceConsumer
{
    /// <summary>Those who are told.</summary>
    public ISliceConsumer[] Consumers { get; set; } = [];

    /// <inheritdoc />
    public void Appeared(ThreadTrack thread)
    {
        foreach (ISliceConsumer consumer in Consumers) consumer.Appeared(thread);
    }

    /// <inheritdoc />
    public void Closed(in Slice slice)
    {
        foreach (ISliceConsumer consumer in Consumers) consumer.Closed(slice);
    }

    /// <inheritdoc />
    public void Becomes(ThreadTrack thread, ThreadRole role)
    {
        foreach (ISliceConsumer consumer in Consumers) consumer.Becomes(thread, role);
    }

    /// <inheritdoc />
    public void Gone(ThreadTrack thread)
    {
        foreach (ISliceConsumer consumer in Consumers) consumer.Gone(thread);
    }
}
