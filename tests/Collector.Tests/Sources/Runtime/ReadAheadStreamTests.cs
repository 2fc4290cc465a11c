namespace Observatory.Collector.Tests;

/// <summary>What has come of a runtime's stream is taken in one call, and is never held back for what has not come.</summary>
public sealed class ReadAheadStreamTests
{
    [Fact]
    public void Small_pieces_are_served_from_one_call()
    {
        var arriving = new Arriving([.. Enumerable.Range(0, 100).Select(i => (byte)i)], [100, 101]);
        using var stream = new ReadAheadStream(arriving);
        byte[] piece = new byte[1];
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(1, stream.Read(piece));
            Assert.Equal(i, piece[0]);
        }

        Assert.Equal(1, arriving.Calls);
    }

    [Fact]
    public void More_than_has_come_is_not_waited_for()
    {
        var arriving = new Arriving([1, 2, 3], [4, 5]);
        using var stream = new ReadAheadStream(arriving);
        byte[] piece = new byte[10];
        Assert.Equal(1, stream.Read(piece.AsSpan(0, 1)));
        Assert.Equal(2, stream.Read(piece));
        Assert.Equal(1, arriving.Calls);
        Assert.Equal(2, stream.Read(piece));
        Assert.Equal([4, 5], piece[..2]);
        Assert.Equal(0, stream.Read(piece));
    }

    [Fact]
    public void In_whatever_pieces_it_comes_and_is_read_nothing_changes()
    {
        var random = new Random(20261127);
        for (int round = 0; round < 50; round++)
        {
            byte[] sent = new byte[random.Next(300_000)];
            random.NextBytes(sent);
            List<byte[]> arrivals = [];
            for (int at = 0; at < sent.Length; at += arrivals[^1].Length) arrivals.Add(sent[at..Math.Min(sent.Length, at + random.Next(1, 100_000))]);
            using var stream = new ReadAheadStream(new Arriving([.. arrivals]));
            using var got = new MemoryStream();
            byte[] piece = new byte[100_000];
            while (stream.Read(piece.AsSpan(0, random.Next(1, piece.Length))) is > 0 and var read) got.Write(piece, 0, read);
            Assert.Equal(sent, got.ToArray());
        }
    }

    /// <summary>A stream that gives what has arrived, at most one arrival a call, as a socket does.</summary>
    private sealed class Arriving(params byte[][] arrivals) : MemoryStream
    {
        private readonly Queue<ReadOnlyMemory<byte>> _arrivals = new(arrivals.Select(bytes => new ReadOnlyMemory<byte>(bytes)));
        private ReadOnlyMemory<byte> _rest;

        public int Calls { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            Calls++;
            if (_rest.IsEmpty && !_arrivals.TryDequeue(out _rest)) return 0;
            int taken = Math.Min(buffer.Length, _rest.Length);
            _rest.Span[..taken].CopyTo(buffer);
            _rest = _rest[taken..];
            return taken;
        }
    }
}
