using System.Runtime.CompilerServices;

namespace Observatory.EndToEnd.Tests;

/// <summary>
/// What collectors under test keep where nothing else is said, their traces, goes into a folder that is gone afterwards,
/// not into the home of the person who runs the tests.
/// </summary>
internal static class OwnState
{
    private const string Variable = "XDG_STATE_HOME";

    /// <summary>The folder.</summary>
    public static string Folder { get; } = Directory.CreateTempSubdirectory("observatory-state-").FullName;

    /// <summary>Before the first test: every process that is started from here on inherits it.</summary>
    [ModuleInitializer]
    public static void Set()
    {
        // Also for those that a test starts as another user.
        File.SetUnixFileMode(Folder, (UnixFileMode)0b111_111_111);
        Environment.SetEnvironmentVariable(Variable, Folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Folder, recursive: true);
    }
}
