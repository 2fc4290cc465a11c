using Microsoft.Diagnostics.Tracing;

namespace Observatory.Collector;

/// <summary>All decoders, subscribed to a session.</summary>
internal static class RuntimeDecoders
{
    /// <param name="source">The session, before its events are processed. What it was not asked for does not come.</param>
    /// <param name="handler">Told what happens.</param>
    /// <param name="running">Kept up to date by the caller.</param>
    public static void Subscribe(EventPipeEventSource source, IRuntimeEventHandler handler, RunningConfiguration running)
    {
        IEventDecoder[] decoders =
        [
            new GcDecoder(handler, running),
            new HeapDecoder(handler),
            new BackgroundDecoder(handler),
            new AllocationDecoder(handler, running),
            new ContentionDecoder(handler),
            new WaitDecoder(handler),
            new PoolDecoder(handler),
            new QueueDecoder(handler),
            new ThreadDecoder(handler),
            new ExceptionDecoder(handler),
            new CompilationDecoder(handler),
            new LoaderDecoder(handler),
        ];
        var stream = new EventStream(source, Forget);
        foreach (IEventDecoder decoder in decoders) decoder.Subscribe(stream);

        void Forget()
        {
            running.Forget();
            foreach (IEventDecoder decoder in decoders) decoder.Forget();
        }
    }
}
