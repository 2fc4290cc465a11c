using System.Reflection;
using System.Runtime.Loader;

namespace Observatory.ChurnTarget;

/// <summary>Assemblies.</summary>
internal static class Loading
{
    /// <summary>Loads this program once more, into a context of its own.</summary>
    public static void Load(Random random)
    {
        var context = new AssemblyLoadContext(name: null, isCollectible: true);
        context.LoadFromAssemblyPath(Assembly.GetExecutingAssembly().Location);
        context.Unload();
        Pause.For(200);
    }
}
