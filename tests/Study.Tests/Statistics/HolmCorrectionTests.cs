namespace Observatory.Study.Tests;

public sealed class HolmCorrectionTests
{
    /// <summary>R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm").</summary>
    [Fact]
    public void Adjusted_values_are_those_of_R()
    {
        double[] adjusted = HolmCorrection.Adjust([0.01, 0.04, 0.03, 0.005]);
        double[] expected = [0.03, 0.06, 0.06, 0.02];
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], adjusted[i], 12);
    }

    [Fact]
    public void No_probability_exceeds_one() => Assert.Equal([1, 1], HolmCorrection.Adjust([0.9, 0.8]));

    [Fact]
    public void Nothing_stays_nothing() => Assert.Empty(HolmCorrection.Adjust([]));
}
