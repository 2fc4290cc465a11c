using Observatory.Hosting;

namespace Observatory.Collector;

/// <summary>
/// A stream that is read as it is, and whose bytes go to a recording too, which any reader of .nettrace files understands.
/// </summary>
internal sealed class RecordedStream(Stream stream, BackgroundOutput file) : PassingStream(stream)
{
    protected override void Look(ReadOnlySpan<byte> read) => file.Add(read);
}
