using System.Linq.Expressions;

namespace Observatory.ChurnTarget;

/// <summary>Work for the compiler.</summary>
internal static class Compilation
{
    public static void Compile(Random random)
    {
        Expression<Func<int, int>> expression = x => x * x + 1;
        expression.Compile()(random.Next(100));
        Pause.For(2);
    }
}
