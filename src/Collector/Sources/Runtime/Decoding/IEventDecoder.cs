namespace Observatory.Collector;

/// <summary>Makes one group's events into what a handler understands.</summary>
internal interface IEventDecoder
{
    /// <summary>Subscribes to what it reads.</summary>
    void Subscribe(EventStream stream);

    /// <summary>Events are missing: what began before them may have ended among them.</summary>
    void Forget()
    {
    }
}
