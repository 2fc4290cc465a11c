using System.Text;

namespace Observatory.Collector;

/// <summary>
/// Standard error, which may be a full disk or a terminal that is gone. Messages are then dropped: they accompany the
/// results, and losing them must not cost the results too.
/// </summary>
internal sealed class ForgivingWriter(TextWriter writer) : TextWriter
{
    public override Encoding Encoding => writer.Encoding;

    public override void Write(char value) => Try(() => writer.Write(value));

    public override void Write(string? value) => Try(() => writer.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => writer.Write(buffer, index, count));

    public override void WriteLine(string? value) => Try(() => writer.WriteLine(value));

    public override void Flush() => Try(writer.Flush);

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (IOException)
        {
            // There is no other place to say it.
        }
    }
}
