using System.Globalization;
using CsCheck;

namespace Observatory.Collector.Tests;

/// <summary>Ids of activities as paths: what is inside of what.</summary>
public sealed class ActivityPathTests
{
    private static readonly Gen<uint[]> Numbers = Gen.OneOf(
        Gen.UInt[1, 10], Gen.UInt[1, 300], Gen.UInt[1, 5_000], Gen.UInt[1, uint.MaxValue]).Array[1, 8];

    [Fact]
    public void The_ancestors_of_a_path_are_its_beginnings_the_nearest_first() => Numbers.Sample(numbers =>
    {
        List<ActivityPath> whole = [.. Enumerable.Range(0, numbers.Length + 1).Select(count => PathOf(numbers.AsSpan(0, count)))];
        // What does not fit is no path any more.
        int fits = Fitting(numbers);
        if (fits < numbers.Length) return;
        var found = new ActivityPath[ActivityPath.MostAncestors];
        int count = whole[^1].Ancestors(found);
        // Outermost of all is the number of the application domain, which everything is inside of.
        Assert.Equal(whole[..^1].AsEnumerable().Reverse(), found[..count]);
    }, iter: 3000);

    [Fact]
    public void Paths_are_alike_only_where_their_numbers_are_or_one_of_them_says_that_it_is_shared() =>
        Gen.Select(Numbers, Numbers).Sample((a, b) =>
    {
        if (Fitting(a) < a.Length || Fitting(b) < b.Length) return;
        if (a.AsSpan().SequenceEqual(b)) Assert.Equal(PathOf(a), PathOf(b));
        else if (PathOf(a) == PathOf(b)) Assert.Contains(Enumerable.Range(1, a.Length), count => PathOf(a.AsSpan(0, count)).IsShared);
    }, iter: 3000);

    /// <summary>Ids as .NET 10.0.12 gives them: the defect is the runtime's.</summary>
    [Theory]
    [InlineData("11C00000", true)]
    [InlineData("1DBA0BC0", true)]
    [InlineData("11C12CC0", true)]
    [InlineData("11000000", false)]
    [InlineData("1C170000", false)]
    [InlineData("11C12C00", false)]
    [InlineData("115C0B00", false)]
    [InlineData("11D00010", false)]
    [InlineData("11D000C0", false)]
    public void Numbers_of_11_to_255_behind_a_whole_byte_have_the_same_id(string id, bool isShared)
    {
        byte[] bytes = [.. Convert.FromHexString(id), .. new byte[12]];
        Assert.Equal(isShared, ActivityPath.From(new Guid(bytes)).IsShared);
    }

    [Fact]
    public void Any_id_has_ancestors_or_none_and_none_is_itself() => Gen.Guid.Sample(id =>
    {
        var found = new ActivityPath[ActivityPath.MostAncestors];
        ActivityPath path = ActivityPath.From(id);
        int count = path.Ancestors(found);
        Assert.InRange(count, 0, ActivityPath.MostAncestors);
        Assert.DoesNotContain(path, found[..count]);
    }, iter: 3000);

    [Fact]
    public void The_empty_id_is_none() => Assert.True(ActivityPath.From(Guid.Empty).IsNone);

    /// <summary>The path of <c>/1/12</c>; none of an empty text.</summary>
    internal static ActivityPath PathOf(string path) => path.Length == 0
        ? default
        : PathOf([.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(number => uint.Parse(number, CultureInfo.InvariantCulture))]);

    private static ActivityPath PathOf(ReadOnlySpan<uint> numbers)
    {
        var id = new byte[16];
        Write(numbers, id);
        return ActivityPath.From(new Guid(id));
    }

    private static int Fitting(ReadOnlySpan<uint> numbers)
    {
        var id = new byte[16];
        return Write(numbers, id);
    }

    /// <summary>As the runtime writes it: the application domain, 1, and then each number.</summary>
    /// <returns>How many numbers fit into twelve bytes.</returns>
    private static int Write(ReadOnlySpan<uint> numbers, byte[] id)
    {
        int at = Add(id, 0, 1);
        for (int i = 0; i < numbers.Length; i++)
        {
            at = Add(id, at, numbers[i]);
            if (at > 12) return i;
        }

        return numbers.Length;
    }

    private static int Add(byte[] id, int at, uint number)
    {
        if (at >= 12) return 13;
        if (number is > 0 and <= 10)
        {
            WriteNibble(id, ref at, number);
            return at;
        }

        int length = number <= 0xFF ? 1 : number <= 0xFFFF ? 2 : number <= 0xFFFFFF ? 3 : 4;
        WriteNibble(id, ref at, (uint)(0xC + length - 1));
        if (at < 12 && id[at] != 0)
        {
            if (number < 4096)
            {
                id[at] = (byte)(0xC0 | (number >> 8));
                number &= 0xFF;
                // The runtime's defect: below 256 there is no byte left to write.
                length--;
            }

            at++;
        }

        for (; length > 0; length--)
        {
            if (at >= 12) return 13;
            id[at++] = (byte)number;
            number >>= 8;
        }

        return at;
    }

    private static void WriteNibble(byte[] id, ref int at, uint value)
    {
        if (id[at] != 0) id[at++] |= (byte)value;
        else id[at] = (byte)(value << 4);
    }
}
