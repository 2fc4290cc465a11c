using System.Text;

namespace Observatory.EndToEnd.Tests;

/// <summary>The lines that a process has printed so far on one stream. Written by the reader, read at any time.</summary>
internal sealed class Capture
{
    private readonly Lock _entry = new();
    private readonly StringBuilder _text = new();

    public string Text
    {
        get
        {
            lock (_entry) return _text.ToString();
        }
    }

    /// <param name="line">Null at the end of the stream.</param>
    public void Add(string? line)
    {
        if (line is null) return;
        lock (_entry) _text.Append(line).Append('\n');
    }
}
