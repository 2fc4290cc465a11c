using System.Reflection;
using System.Reflection.Emit;
using Observatory.Contract;

namespace Observatory.LyingTarget;

/// <summary>What the program says, by name of the lie. Each uses the contract as anybody could.</summary>
internal static class Lies
{
    /// <summary>Breaks a line, rings, clears a screen, turns red, reverses what follows, closes a label, opens markup.</summary>
    public const string Poison = "a\"b\n\u001b[31mX\u0007\u202Ey[red]z\\";

    private const int Longest = 20_000;
    private static readonly WorkloadEventSource Log = WorkloadEventSource.Log;

    /// <summary>True while an observer listens.</summary>
    public static bool IsHeard => Log.IsEnabled();

    public static void Beat() => Log.Beat();

    public static void Tell(string lie, int amount, ManualResetEventSlim asked)
    {
        switch (lie)
        {
            case "configurations":
                TellConfigurations(amount, asked);
                break;
            case "begins":
                TellBegins(amount, asked);
                break;
            case "marks":
                TellMarks(amount);
                break;
            case "undeclared":
                TellUndeclared(amount, asked);
                break;
            case "names":
                TellNames(asked);
                break;
            case "names-of-any-number":
                TellManyNames(amount, asked);
                break;
            default:
                throw new ArgumentException($"{lie} is not a lie");
        }
    }

    /// <summary>Any number of configurations, a few of which do nearly all of the work.</summary>
    private static void TellConfigurations(int amount, ManualResetEventSlim asked)
    {
        for (int index = 0; index < amount && !asked.IsSet; index++)
        {
            Log.Declare(Configuration(index, $"operation {index}"));
            Iterate(index);
            if (index % 10 == 0) Iterate(index % 3);
            if (index % 5_000 == 0) Beat();
        }
    }

    /// <summary>Iterations that begin and never end.</summary>
    private static void TellBegins(int amount, ManualResetEventSlim asked)
    {
        Log.Declare(Configuration(0, "begun"));
        for (int i = 0; i < amount && !asked.IsSet; i++)
        {
            Log.BeginIteration(0);
            if (i % 50_000 == 0) Beat();
        }

        Iterate(0);
    }

    /// <summary>
    /// Marks that do not pair, as many of each kind: iterations with another one inside, that end on another thread, without an
    /// end, without a beginning; honest ones between them. Then numbers that run backwards, and beats that claim them.
    /// </summary>
    private static void TellMarks(int amount)
    {
        Log.Declare(Configuration(0, "marked"));
        for (int i = 0; i < amount; i++)
        {
            Iterate(0);
            long outer = Log.BeginIteration(0);
            Iterate(0);
            Log.EndIteration(outer, 0);

            long moved = Log.BeginIteration(0);
            var other = new Thread(() => Log.EndIteration(moved, 0));
            other.Start();
            other.Join();

            Log.BeginIteration(0);
            Iterate(0);
            Log.EndIteration(long.MaxValue - i, 0);
        }

        Beat();
        MarkWithNumbers begin = Mark("IterationStart"), end = Mark("IterationStop");
        var beat = typeof(WorkloadEventSource).GetMethod("Heartbeat", BindingFlags.NonPublic | BindingFlags.Instance)!.CreateDelegate<Action<long, long>>(Log);
        foreach (long number in (long[])[1_000_000_000_000_000, -6, long.MinValue, long.MaxValue, 0, -1_000_000_000_000_000, 3])
        {
            begin(number, number, 0, number);
            end(-number, number, 0, -number);
            beat(number, -number);
        }
    }

    /// <summary>A mark with any numbers: sequence, iteration, configuration, sequence of the thread.</summary>
    private delegate void MarkWithNumbers(long sequence, long iteration, long configuration, long threadSequence);

    private static MarkWithNumbers Mark(string name) => typeof(WorkloadEventSource)
        .GetMethod(name, BindingFlags.NonPublic | BindingFlags.Instance)!.CreateDelegate<MarkWithNumbers>(Log);

    /// <summary>Iterations of a configuration that is never declared between those of one that is.</summary>
    private static void TellUndeclared(int amount, ManualResetEventSlim asked)
    {
        Log.Declare(Configuration(0, "declared"));
        for (int i = 0; i < amount && !asked.IsSet; i++)
        {
            Iterate(1);
            Iterate(0);
        }

        Beat();
    }

    /// <summary>Poison wherever a program can choose a text: its own name, threads, operations, types, messages.</summary>
    private static void TellNames(ManualResetEventSlim asked)
    {
        File.WriteAllText("/proc/self/comm", Poison);
        Type type = PoisonedType();
        var entry = new object();
        Thread[] threads = [.. Enumerable.Range(0, 3).Select(i => new Thread(Fight) { Name = Poison + i, IsBackground = true })];
        foreach (Thread thread in threads) thread.Start();
        long index = 0;
        while (!asked.IsSet)
        {
            Log.Declare(Configuration(0, Poison));
            Log.Declare(Configuration(1, Poison + new string('x', Longest)));
            Iterate(index++ % 2);
            try
            {
                throw (Exception)Activator.CreateInstance(type, Poison)!;
            }
            catch (Exception told) when (told.Message == Poison)
            {
                Beat();
            }

            asked.Wait(5);
        }

        void Fight()
        {
            while (!asked.IsSet)
            {
                lock (entry) asked.Wait(2);
            }
        }
    }

    /// <summary>A new type and a new thread name each time, and one that comes again and again.</summary>
    private static void TellManyNames(int amount, ManualResetEventSlim asked)
    {
        for (int i = 0; i < amount && !asked.IsSet; i++)
        {
            var thread = new Thread(() => Thread.SpinWait(10)) { Name = $"thread {(char)('a' + (i % 26))}{i}x", IsBackground = true };
            thread.Start();
            thread.Join();
        }
    }

    private static void Iterate(long configuration)
    {
        long iteration = Log.BeginIteration(configuration);
        Log.EndIteration(iteration, configuration);
    }

    private static WorkloadConfiguration Configuration(long index, string operation) => new(
        index, operation, BatchSize: 1, SequenceLength: index, EmbeddingDim: 3, Poison, Threads: 1, FloatingPointOperations: 1, InputBytes: 1);

    /// <summary>An exception whose name no compiler would accept.</summary>
    private static Type PoisonedType()
    {
        AssemblyBuilder assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("poison"), AssemblyBuilderAccess.Run);
        TypeBuilder type = assembly.DefineDynamicModule("poison").DefineType(
            Poison.Replace("\\", "", StringComparison.Ordinal).Replace("[", "", StringComparison.Ordinal), TypeAttributes.Public, typeof(Exception));
        ConstructorInfo inherited = typeof(Exception).GetConstructor([typeof(string)])!;
        ILGenerator body = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(string)]).GetILGenerator();
        body.Emit(OpCodes.Ldarg_0);
        body.Emit(OpCodes.Ldarg_1);
        body.Emit(OpCodes.Call, inherited);
        body.Emit(OpCodes.Ret);
        return type.CreateType();
    }
}
