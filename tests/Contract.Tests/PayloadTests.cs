using System.Buffers.Binary;

namespace Observatory.Contract.Tests;

/// <summary>Payloads from elsewhere may be of another version, or cut short.</summary>
public sealed class PayloadTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(23)]
    public void An_iteration_that_is_too_short_is_none(int length) =>
        Assert.False(IterationPayload.TryRead(new byte[length], out _));

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    public void A_heartbeat_that_is_too_short_is_none(int length) =>
        Assert.False(HeartbeatPayload.TryRead(new byte[length], out _));

    [Fact]
    public void What_a_later_version_appends_is_ignored()
    {
        Assert.True(IterationPayload.TryRead([.. Bytes(7, 8, 9, 10), 0xFF, 0xFF], out IterationPayload payload));

        Assert.Equal(new IterationPayload(7, 8, 9, 10), payload);
    }

    [Fact]
    public void An_iteration_of_an_earlier_version_has_no_number_of_its_thread()
    {
        Assert.True(IterationPayload.TryRead(Bytes(7, 8, 9), out IterationPayload payload));

        Assert.Equal(new IterationPayload(7, 8, 9, ThreadSequence: 0), payload);
    }

    private static byte[] Bytes(params long[] numbers)
    {
        byte[] bytes = new byte[numbers.Length * sizeof(long)];
        for (int n = 0; n < numbers.Length; n++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(n * sizeof(long)), numbers[n]);
        }

        return bytes;
    }
}
