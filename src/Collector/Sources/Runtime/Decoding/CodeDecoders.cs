using Microsoft.Diagnostics.Tracing.Parsers.Clr;
using Observatory.Hosting;
using Observatory.Timeline;

namespace Observatory.Collector;

/// <summary>Methods that are compiled, each; and the background thread that compiles hot ones again.</summary>
internal sealed class CompilationDecoder(IRuntimeEventHandler handler) : IEventDecoder
{
    private readonly OpenSpans<(int Thread, long Method), bool> _methods = new();
    private readonly OpenSpans<int, bool> _tiering = new();

    public void Subscribe(EventStream stream)
    {
        stream.Clr.MethodJittingStarted += stream.Then<MethodJittingStartedTraceData>((began, at) =>
            _methods.Begin((began.ThreadID, began.MethodID), at, true));
        stream.Clr.MethodLoadVerbose += stream.Then<MethodLoadUnloadVerboseTraceData>((ended, at) =>
        {
            if (_methods.TryEnd((ended.ThreadID, ended.MethodID), at, out Duration duration, out _)) handler.MethodCompiled(duration);
        });
        stream.Clr.TieredCompilationBackgroundJitStart += stream.Then<TieredCompilationBackgroundJitStartTraceData>((began, at) =>
            _tiering.Begin(began.ThreadID, at, true));
        stream.Clr.TieredCompilationBackgroundJitStop += stream.Then<TieredCompilationBackgroundJitStopTraceData>((ended, at) =>
        {
            if (_tiering.TryEnd(ended.ThreadID, at, out Duration duration, out _)) handler.TieringEnded(ended.JittedMethodCount, duration);
        });
    }

    public void Forget()
    {
        _methods.Clear();
        _tiering.Clear();
    }
}

/// <summary>Exceptions that are thrown.</summary>
internal sealed class ExceptionDecoder(IRuntimeEventHandler handler) : IEventDecoder
{
    public void Subscribe(EventStream stream) =>
        stream.Clr.ExceptionStart += stream.Then<ExceptionTraceData>((thrown, _) => handler.ExceptionThrown(SafeText.Name(thrown.ExceptionType)));
}

/// <summary>Assemblies that are loaded.</summary>
internal sealed class LoaderDecoder(IRuntimeEventHandler handler) : IEventDecoder
{
    public void Subscribe(EventStream stream) =>
        stream.Clr.LoaderAssemblyLoad += stream.Then<AssemblyLoadUnloadTraceData>((_, _) => handler.AssemblyLoaded());
}
